// The form of a standing order says what is missing, and makes the order that it says; taken over from one it makes the same.
import { expect, test } from 'vitest';
import { draftStanding } from '#shared/seal/standing-draft.ts';
import { SAMPLE_RELAY, SAMPLE_SITE, SAMPLE_TIME, sampleDevice } from '#test/fixtures/sample-trust.ts';
import { askOf, commandOf, EMPTY_FORM, faultsOf, formOf, type StandingForm, triggerOf } from './standing-form.ts';

const filled: StandingForm = {
  ...EMPTY_FORM,
  name: ' cron ',
  action: { name: 'service.restart', arguments: { service: 'cron' } },
  relay: SAMPLE_RELAY,
  rule: 'hostname:web-*',
};
const watched = { id: sampleDevice(4), name: 'db', siteId: SAMPLE_SITE, relayId: SAMPLE_RELAY, identity: { macs: [] } };

test('an empty form lacks its name, its action, its relay and its rule; a full one nothing', () => {
  expect(new Set(Object.keys(faultsOf(EMPTY_FORM)))).toEqual(new Set(['action', 'name', 'relay', 'rule']));
  expect(faultsOf(filled)).toEqual({});
  expect(faultsOf({ ...filled, reach: 'devices', relay: '', rule: '' })).toEqual({});
});

test.each([
  [{ rule: 'tag:web' }, { rule: expect.stringContaining('tags, groups') }],
  [{ atMost: '0' }, { atMost: 'noAtMost' }],
  [{ atMost: '2.5' }, { atMost: 'noAtMost' }],
  [{ trigger: 'daily', time: '25:00' }, { time: 'noTime' }],
  [{ trigger: 'device-unreachable' }, { watched: 'noWatched' }],
] as const)('%j lacks %j', (change, faults) => expect(faultsOf({ ...filled, ...change })).toEqual(faults));

test.each([
  [{ trigger: 'interval' as const, everyMs: 600_000 }, '--every 600'],
  [{ trigger: 'daily' as const, time: '23:05' }, '--daily 23:05'],
  [{ trigger: 'device-returned' as const, afterMs: 0 }, '--when-back 0'],
  [{ trigger: 'device-unreachable' as const, watched: 'db', forMs: 60_000 }, '--when-down db --down-for 60'],
])('%j is an order, a command, and the same form again', (change, words) => {
  const form = { ...filled, ...change };
  const trigger = triggerOf(form, watched);
  if (trigger === undefined) throw new Error('no trigger');
  const reach = { rule: { text: form.rule, atMost: 25 }, site: SAMPLE_SITE, relay: SAMPLE_RELAY };
  const order = draftStanding(askOf(form, { reach, trigger, outputBytes: 1_024 }), 1, SAMPLE_TIME);
  expect(formOf(order, () => 'db')).toEqual({ ...form, name: 'cron' });
  expect(commandOf(form, [])).toContain(words);
  expect(commandOf(form, [])).toContain("--rule 'hostname:web-*' --at-most 25");
});
