// Proves which days are due for closing, archiving and forgetting, and what goes first where room is short.
import { expect, test } from 'vitest';
import { CustomerId, newId, SiteId } from '#shared/base/id.ts';
import type { DayState } from '#shared/day-files/day-store.ts';
import { Retention } from '#shared/model/retention.ts';
import { believedNow, dueForArchive, dueForRetention, dueForRollUp, nextToGo, siteTimes } from './keep-plan.ts';

const DAY_MS = 86_400_000;
const TODAY = 20_000;
const now = TODAY * DAY_MS + 3 * 3_600_000;
const retention = Retention.parse({});
const state = (day: number, tier: DayState['tier']): DayState => ({ day, tier, bytes: 1 });
const site = SiteId.parse(newId(1));
const customer = CustomerId.parse(newId(1));
const nobody = siteTimes(retention, [], new Map());
const timesOf = (own: { rawDays?: number; archiveDays?: number }) =>
  siteTimes(
    retention,
    [{ customerId: customer, customerName: 'Acme', changedAt: 1, retention: own }],
    new Map([[customer, [site]]]),
  );

test('a day is closed two hours after its end, and not before', () => {
  const states = [state(TODAY, 'hours'), state(TODAY - 1, 'hours'), state(TODAY - 1, 'raw'), state(TODAY - 5, 'days')];
  expect(dueForRollUp(states, now)).toEqual([TODAY - 1]);
  expect(dueForRollUp(states, now - 2 * 3_600_000)).toEqual([]);
});

test('totals are archived on the ninetieth day after their end', () => {
  const states = [
    state(TODAY - 90, 'days'),
    state(TODAY - 91, 'days'),
    state(TODAY - 91, 'raw'),
    state(TODAY - 99, 'archive'),
  ];
  expect(dueForArchive(states, retention, now)).toEqual([TODAY - 91]);
});

test('raw values go on the thirtieth day after their end, all of a day after three years', () => {
  const states = [30, 31, 1_096].map((age) => state(TODAY - age, 'raw'));
  expect(dueForRetention(states, nobody, now)).toEqual([
    { day: TODAY - 1_096, raw: { everybody: true, but: [] }, all: { everybody: true, but: [] } },
    { day: TODAY - 31, raw: { everybody: true, but: [] }, all: { everybody: false, but: [] } },
  ]);
});

test('a customer with a shorter time goes earlier, one with a longer time stays', () => {
  const states = [8, 31].map((age) => state(TODAY - age, 'raw'));
  expect(dueForRetention(states, timesOf({ rawDays: 7 }), now)).toMatchObject([
    { day: TODAY - 31, raw: { everybody: true, but: [] } },
    { day: TODAY - 8, raw: { everybody: false, but: [site] } },
  ]);
  expect(dueForRetention(states, timesOf({ rawDays: 60 }), now)).toMatchObject([
    { day: TODAY - 31, raw: { everybody: true, but: [site] } },
  ]);
  const old = [state(TODAY - 1_096, 'archive')];
  expect(dueForRetention(old, timesOf({ archiveDays: 2_000 }), now)).toMatchObject([
    { raw: { everybody: true, but: [] }, all: { everybody: true, but: [site] } },
  ]);
});

test('where room is short the oldest raw day goes first, then the oldest totals, and never the last two days', () => {
  const states = [state(TODAY, 'hours'), state(TODAY - 1, 'raw'), state(TODAY - 2, 'raw'), state(TODAY - 3, 'raw')];
  const totals = [state(TODAY - 9, 'days'), state(TODAY - 200, 'archive')];
  expect(nextToGo([...states, ...totals], now)).toEqual(state(TODAY - 3, 'raw'));
  expect(nextToGo([...states.slice(0, 3), ...totals], now)).toEqual(state(TODAY - 200, 'archive'));
  expect(nextToGo(states.slice(0, 3), now)).toBeUndefined();
});

test('the clock is believed up to a week after the newest day', () => {
  const week = (TODAY + 8) * DAY_MS;
  expect(believedNow([], week + 1)).toBe(week + 1);
  expect(believedNow([state(TODAY - 9, 'days'), state(TODAY, 'hours')], week)).toBe(week);
  expect(believedNow([state(TODAY, 'hours'), state(TODAY - 9, 'days')], week + 400 * DAY_MS)).toBe(week);
  const three = [state(TODAY - 2, 'raw'), state(TODAY - 1, 'raw'), state(TODAY, 'raw')];
  expect(nextToGo(three, 2 * now)).toEqual(state(TODAY - 2, 'raw'));
  expect(nextToGo(three.slice(1), 2 * now)).toBeUndefined();
});
