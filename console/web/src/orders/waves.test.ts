// Waves as a page shows them: one after the other, halted where too many failed, and parts that waited too long.
import { expect, test } from 'vitest';
import { isLate, wavesOf } from './waves.ts';

const states = (text: string) => wavesOf(text.split(' '), 1).map(({ state }) => state);

test.each([
  ['queued queued queued queued', ['waiting', 'waiting', 'waiting']],
  ['accepted accepted accepted accepted', ['running', 'waiting', 'waiting']],
  ['started accepted accepted accepted', ['running', 'waiting', 'waiting']],
  ['succeeded accepted started accepted', ['done', 'running', 'waiting']],
  ['succeeded failed succeeded accepted', ['done', 'done', 'running']],
  ['failed halted halted halted', ['done', 'halted', 'halted']],
  ['succeeded succeeded succeeded succeeded', ['done', 'done', 'done']],
])('%s is %j', (text, expected) => expect(states(text)).toEqual(expected));

test('a wave counts who is done and who failed; without a canary there is one wave', () => {
  expect(wavesOf(['succeeded', 'failed', 'unknown', 'started'], 0)).toEqual([
    { devices: 4, done: 3, failed: 2, state: 'running' },
  ]);
});

const part = (state: string, waitsFor: string | null, outcomes: Array<[string, string | null]>) => ({
  ...{ state, waitsFor, outcomes: outcomes.map(([of, reason]) => ({ state: of, reason })) },
});

test.each([
  [part('queued', 'a', [['queued', null]]), 99, false],
  [part('queued', 'a', [['queued', null]]), 101, true],
  [part('queued', null, [['queued', null]]), 101, false],
  [part('settled', 'a', [['refused', 'manifest-expired']]), 0, true],
  [part('settled', null, [['expired', null]]), 0, true],
  [part('settled', 'a', [['refused', 'frozen']]), 0, false],
  [
    part('settled', 'a', [
      ['succeeded', null],
      ['expired', null],
    ]),
    0,
    false,
  ],
])('%j at %d is late: %s', (of, now, late) => expect(isLate(of, 100, now)).toBe(late));
