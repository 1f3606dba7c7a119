// Proves when each tier is told, and that nothing climbs once somebody has taken it.
import { expect, test } from 'vitest';
import { ContactId } from '#shared/base/id.ts';
import type { Severity } from '#shared/model/alert-words.ts';
import { Escalation, USUAL_TIERS_MS } from '#shared/model/on-call.ts';
import { escalationAt, tierTimes } from './escalation.ts';

const MINUTE = 60_000;
const utc = (text: string) => Date.parse(`${text}:00Z`);
const iso = (at: number | undefined) => (at === undefined ? 'never' : new Date(at).toISOString().slice(0, 16));
const contact = ContactId.parse('00000000-0000-7000-8000-000000000001');

const policy = (over: object = {}): Escalation =>
  Escalation.parse({
    name: 'usual',
    tiers: USUAL_TIERS_MS.map((afterMs, n) => ({ name: `${n}`, afterMs, targets: [{ kind: 'contact', contact }] })),
    ...over,
  });
const OFFICE = {
  hours: {
    timeZone: 'Europe/Berlin',
    spans: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', until: '18:00' }],
  },
};
/** A Friday at ten to six in Berlin; on Sunday clocks go forward. */
const FRIDAY = utc('2026-03-27T16:50');
const times = (given: Escalation, severity: Severity) =>
  tierTimes(given, { toldAt: FRIDAY, severity }).map(({ at }) => iso(at));

test('without hours the four tiers are told after 15, 30, 60 and 120 minutes', () => {
  expect(times(policy(), 'low')).toEqual([
    '2026-03-27T17:05',
    '2026-03-27T17:20',
    '2026-03-27T17:50',
    '2026-03-27T18:50',
  ]);
});

test('with hours only time of work counts, and what is bad enough does not wait for it', () => {
  const monday = ['2026-03-30T06:05', '2026-03-30T06:20', '2026-03-30T06:50', '2026-03-30T07:50'];
  expect(times(policy(OFFICE), 'high')).toEqual(monday);
  expect(times(policy(OFFICE), 'critical')).toEqual(times(policy(), 'low'));
  expect(times(policy({ ...OFFICE, anyTimeFrom: 'high' }), 'high')).toEqual(times(policy(), 'low'));
  expect(times(policy({ ...OFFICE, holidays: ['2026-03-30'] }), 'high')[0]).toBe('2026-03-31T06:05');
});

test('tiers come due one after the other, whatever their order in the list', () => {
  const [first, second] = policy().tiers;
  const turned = policy({ tiers: [second, first] });
  const look = (minutes: number) =>
    escalationAt(turned, { toldAt: FRIDAY, severity: 'low', stoppedAt: undefined }, FRIDAY + minutes * MINUTE);
  expect(look(14)).toEqual({ due: [], next: { tier: 1, at: FRIDAY + 15 * MINUTE } });
  expect(look(15)).toEqual({ due: [1], next: { tier: 0, at: FRIDAY + 30 * MINUTE } });
  expect(look(31)).toEqual({ due: [1, 0], next: undefined });
});

test('nothing climbs after somebody took it, also where nobody looked until later', () => {
  const look = (takenAfter: number) =>
    escalationAt(
      policy(),
      { toldAt: FRIDAY, severity: 'low', stoppedAt: FRIDAY + takenAfter * MINUTE },
      FRIDAY + 500 * MINUTE,
    );
  expect(look(0)).toEqual({ due: [], next: undefined });
  expect(look(30)).toEqual({ due: [0], next: undefined });
  expect(look(31)).toEqual({ due: [0, 1], next: undefined });
});

test('what gets so bad that it climbs at any time has climbed so from the begin', () => {
  const climber = { toldAt: FRIDAY, severity: 'critical' as const, stoppedAt: undefined };
  expect(escalationAt(policy(OFFICE), climber, FRIDAY + 65 * MINUTE).due).toEqual([0, 1, 2]);
});

test('a tier that never comes for want of hours is not due and not next', () => {
  const holidays = Array.from({ length: 300 }, (_, n) =>
    new Date(FRIDAY - 86_400_000 + n * 86_400_000).toISOString().slice(0, 10),
  );
  const climber = { toldAt: FRIDAY, severity: 'low' as const, stoppedAt: undefined };
  expect(escalationAt(policy({ ...OFFICE, holidays }), climber, FRIDAY)).toEqual({ due: [], next: undefined });
});
