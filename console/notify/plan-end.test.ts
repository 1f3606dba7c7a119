// A message that is late when its incident ends: replaced where people hear of the end, still sent where they would hear nothing.
import { expect, test } from 'vitest';
import { planEnd } from './plan-end.ts';

type Ending = Parameters<typeof planEnd>[0];

/** One mail that a server did not take yet, or that `is` so, and a route that tells the end or not. */
function ending(kind: Ending['kind'], tellsResolved: boolean, is: object = { state: 'retrying' }): Ending {
  const late = {
    ...{ id: 'n1', ...is, sentAt: null, reason: 'opened', routeId: 'r1', channelId: 'c1' },
    ...{ address: 'ada@example.org', contactId: null, contactName: 'Ada', recipient: 'k' },
  };
  const setup = {
    contacts: new Map(),
    routes: [{ id: 'r1', tellsResolved, digestMs: 0 }],
    channels: new Map([['c1', { id: 'c1', isOn: true, kind: 'email' }]]),
  };
  // Of the rooms' own forms only what is looked at.
  return { kind, known: [late], setup, facts: {}, now: 1, isToldByRelay: false } as unknown as Ending;
}

test.each<[string, Ending['kind'], boolean, string[], number]>([
  ['the end says both', 'resolved', true, ['n1'], 1],
  ['nobody would hear of the end', 'resolved', false, [], 0],
  ['part of another: a mail says nothing', 'merged', true, [], 0],
  ['taken by somebody', 'acknowledged', true, [], 0],
])('%s', (_what, kind, tellsResolved, dropped, messages) => {
  const planned = planEnd(ending(kind, tellsResolved));
  expect([planned.dropped, planned.plan.messages.length]).toEqual([dropped, messages]);
});

test.each<[string, boolean, number, string[], number]>([
  ['its time came: the end says both', true, 1, ['n1'], 1],
  ['its time came, and nobody would hear of the end', false, 1, [], 0],
  ['its time has not come: nobody hears of it', true, 2, ['n1'], 0],
])('waiting: %s', (_what, tellsResolved, nextAt, dropped, messages) => {
  const planned = planEnd(ending('resolved', tellsResolved, { state: 'waiting', nextAt }));
  expect([planned.dropped, planned.plan.messages.length]).toEqual([dropped, messages]);
});

test('a service that keeps incidents of its own is told of one that became part of another', () => {
  const asked = ending('merged', false);
  const channels = new Map([['c1', { id: 'c1', isOn: true, kind: 'pagerduty' }]]);
  const planned = planEnd({ ...asked, setup: { ...asked.setup, channels } as unknown as Ending['setup'] });
  expect(planned.plan.messages.map(({ reason }) => reason)).toEqual(['resolved']);
});
