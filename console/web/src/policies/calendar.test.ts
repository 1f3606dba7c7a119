// A month is whole weeks, and a day is a day also where clocks change.
import { expect, test } from 'vitest';
import { daysOf, monthBeside, monthName, monthOf, weekdayName, within } from './calendar.ts';

test.each([
  ['2026-11', 42],
  ['2027-02', 28],
  ['2028-02', 35],
])('%s has %d days to show', (month, count) => {
  const days = daysOf(month);
  expect(days).toHaveLength(count);
  expect(new Date(days[0]?.from ?? 0).getDay()).toBe(1);
  for (const [at, day] of days.entries()) expect(day.from).toBe(at === 0 ? day.from : days[at - 1]?.to);
  const own = days.filter(({ isInMonth }) => isInMonth);
  expect(own.map(({ day }) => day)).toEqual(own.map((_, at) => at + 1));
  expect(monthOf(own[0]?.from ?? 0)).toBe(month);
});

test('months beside each other cross the year', () => {
  expect(monthBeside('2026-12', 1)).toBe('2027-01');
  expect(monthBeside('2026-01', -1)).toBe('2025-12');
});

test('a window that goes over midnight stands on both days, one that ends at midnight on one', () => {
  const [monday, tuesday] = daysOf('2026-11');
  if (monday === undefined || tuesday === undefined) throw new Error('no days');
  const over = { from: monday.to - 3_600_000, to: tuesday.from + 3_600_000 };
  const until = { from: monday.from, to: monday.to };
  expect(within([over, until], monday)).toEqual([over, until]);
  expect(within([over, until], tuesday)).toEqual([over]);
});

test('a month and its columns have names', () => {
  expect(monthName('2026-11', 'de-DE')).toBe('November 2026');
  const names = daysOf('2026-11').map((day) => weekdayName(day, 'en-GB'));
  expect(names.slice(0, 8)).toEqual(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun', 'Mon']);
});
