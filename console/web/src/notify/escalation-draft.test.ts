// Tiers come one after another, each with somebody, and an escalation goes through its form unchanged.
import { expect, test } from 'vitest';
import { draftOf, faultsOf, nextTier, type TierDraft, wishOf } from './escalation-draft.ts';
import type { Escalation, Target } from './notify-data.ts';

// Ids are branded where they come from.
const targets = [{ kind: 'contact', contact: 'p' }] as unknown as Target[];
const tier = (after: string, more: object = {}) => ({ name: 'first', after, targets, ...more });
const draft = { ...draftOf(undefined, 'first'), name: 'usual', tiers: [tier('0'), tier('15')] };

test('the usual tiers are offered one after another, then each twice as late', () => {
  const tiers: TierDraft[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e']) tiers.push(nextTier(tiers, name));
  expect(tiers.map(({ after }) => after)).toEqual(['15', '30', '60', '120', '240']);
});

test.each([
  [{}, {}],
  [{ name: '' }, { name: 'name' }],
  [{ tiers: [tier('15'), tier('15')] }, { 'tiers.1.after': 'order' }],
  [
    { tiers: [tier('soon', { name: ' ', targets: [] })] },
    { 'tiers.0.name': 'tierName', 'tiers.0.after': 'tierTime', 'tiers.0.targets': 'tierTargets' },
  ],
  [{ holidays: '2026-12-25\n26.12.' }, { holidays: 'holidays' }],
  [{ hasHours: true, spans: [] }, {}],
])('%j lacks %j', (patch, faults) => expect(faultsOf({ ...draft, ...patch })).toEqual(faults));

test('an escalation goes through its form unchanged', () => {
  const value = {
    name: 'usual',
    tiers: [{ name: 'first', afterMs: 900_000, targets }],
    hours: { timeZone: 'Europe/Berlin', spans: [{ days: ['mon'], from: '08:00', until: '18:00' }] },
    holidays: ['2026-12-25'],
    anyTimeFrom: 'high',
  };
  expect(wishOf(draftOf({ id: 'e', ...value } as unknown as Escalation, ''))).toEqual(value);
});
