// The table of the link's states and its waits.
import { expect, test } from 'vitest';
import { describeEnd, IDLE, type LinkEnd, type LinkEvent, type LinkStatus, nextStatus } from './link-state.ts';

const half = () => 0.5;
const closed: LinkEnd = { why: 'closed', detail: 'reset' };
const ended = (at: number, end: LinkEnd = closed): LinkEvent => ({ type: 'ended', end, at, random: half });
const connecting = (attempt: number): LinkStatus => ({ phase: 'connecting', attempt });
const open = (attempt: number): LinkStatus => ({ phase: 'open', attempt, since: 1_000 });

test.each<[string, LinkStatus, LinkEvent, object]>([
  ['idle dials', IDLE, { type: 'dial' }, { phase: 'connecting', attempt: 0 }],
  ['connected greets', connecting(3), { type: 'connected' }, { phase: 'greeting', attempt: 3 }],
  ['welcomed opens', { phase: 'greeting', attempt: 3 }, { type: 'welcomed', at: 7 }, { phase: 'open', since: 7 }],
  ['a first failure waits up to 0.5 s', connecting(0), ended(0), { phase: 'waiting', attempt: 1, waitMs: 250 }],
  ['a tenth failure waits up to 60 s', connecting(9), ended(0), { phase: 'waiting', attempt: 10, waitMs: 30_000 }],
  ['a short link counts on', open(4), ended(5_000), { phase: 'waiting', attempt: 5, waitMs: 4_000 }],
  ['a steady link counts anew', open(4), ended(11_000), { phase: 'waiting', attempt: 1, waitMs: 250 }],
  [
    'GOAWAY waits its delay and a jitter',
    open(0),
    ended(2_000, { why: 'goaway', reason: 'restart', delayMs: 9_000 }),
    { phase: 'waiting', waitMs: 9_250 },
  ],
  ['stop stops', open(0), { type: 'stop' }, { phase: 'stopped' }],
])('%s', (_name, status, event, expected) => {
  expect(nextStatus(status, event)).toMatchObject(expected);
});

test.each<[LinkStatus, LinkEvent]>([
  [IDLE, { type: 'connected' }],
  [connecting(0), { type: 'welcomed', at: 0 }],
  [open(0), { type: 'dial' }],
  [{ phase: 'stopped', attempt: 0 }, ended(0)],
])('%o refuses %o', (status, event) => {
  expect(() => nextStatus(status, event)).toThrow('uplink:');
});

test('every end has its words', () => {
  const ends: LinkEnd[] = [
    closed,
    { why: 'unreachable', code: 'unavailable', detail: 'no route' },
    { why: 'refused', code: 'protocol-older', detail: 'too old' },
    { why: 'goaway', reason: 'overload', delayMs: 5 },
    { why: 'silent', detail: '25 s' },
    { why: 'stalled', detail: '15 s' },
    { why: 'faulty', detail: '8 frames' },
    { why: 'new-epoch' },
    { why: 'stopped' },
  ];
  expect(ends.map(describeEnd)).toEqual([
    'closed: reset',
    'unreachable: no route (unavailable)',
    'refused: too old (protocol-older)',
    'asked to leave: overload, back in 5 ms',
    'silent: 25 s',
    'stalled: 15 s',
    'faulty: 8 frames',
    'new-epoch',
    'stopped',
  ]);
});
