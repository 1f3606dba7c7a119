// A shorter time says what it removes, a longer one removes nothing.
import { expect, test } from 'vitest';
import { daysTyped, lossOf } from './retention-loss.ts';

const today = 20_000;
const tiers = [
  { tier: 'open', days: 1, bytes: 5, oldestDay: today },
  { tier: 'raw', days: 30, bytes: 3_000, oldestDay: today - 29 },
  { tier: 'hours', days: 2, bytes: 20, oldestDay: today - 1 },
  { tier: 'days', days: 88, bytes: 880, oldestDay: today - 89 },
  { tier: 'archive', days: 100, bytes: 500, oldestDay: today - 189 },
];
const former = { rawDays: 30, archiveDays: 1_095 };

test('as long or longer removes nothing', () => {
  expect(lossOf(tiers, today, former, former)).toEqual({ rawDays: 0, totalDays: 0, bytes: 0 });
  expect(lossOf(tiers, today, former, { rawDays: 90, archiveDays: 2_000 }).bytes).toBe(0);
});

test('raw days beyond the next time go with their part of the bytes', () => {
  expect(lossOf(tiers, today, former, { ...former, rawDays: 10 })).toEqual({ rawDays: 20, totalDays: 0, bytes: 2_000 });
});

test('totals go from the archive first, then from the days', () => {
  expect(lossOf(tiers, today, former, { ...former, archiveDays: 90 })).toEqual({
    ...{ rawDays: 0, totalDays: 100, bytes: 500 },
  });
  expect(lossOf(tiers, today, former, { ...former, archiveDays: 46 })).toEqual({
    ...{ rawDays: 0, totalDays: 144, bytes: 940 },
  });
});

test('a time that is shorter and longer than anything there is removes nothing', () => {
  expect(
    lossOf([{ tier: 'raw', days: 0, bytes: 0, oldestDay: null }], today, former, { ...former, rawDays: 1 }).bytes,
  ).toBe(0);
  expect(lossOf(tiers, today, former, { ...former, archiveDays: 400 }).totalDays).toBe(0);
});

test.each([
  ['', undefined],
  [' 30 ', 30],
  ['3653', 3_653],
])('%j is %j days', (text, days) => expect(daysTyped(text)).toBe(days));
test.each(['0', '3654', '-1', '1.5', '1e3', 'ten'])('%j is no number of days', (text) =>
  expect(daysTyped(text)).toBeNaN(),
);
