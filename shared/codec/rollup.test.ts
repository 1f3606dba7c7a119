// Counts, extremes and exact sums: however an hour is cut into parts, together they say what the whole says.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deviceHours } from '#test/fixtures/hour-arbitrary.ts';
import type { DeviceHour } from './device-hour.ts';
import { averageOf, mergeRollups, type Rollup, rollupOf } from './rollup.ts';

const NO = Number.NaN;
const hourOf = (...columns: number[][]): DeviceHour => ({
  times: Float64Array.from(columns[0] ?? [], (_, i) => i),
  series: Uint32Array.from(columns, (_, i) => i),
  values: Float64Array.from(columns.flat()),
});

/** The rows from `from` to `to` of each column. */
function rowsOf({ times, series, values }: DeviceHour, from: number, to: number): DeviceHour {
  const columns = Array.from(series, (_, i) => [...values.subarray(i * times.length + from, i * times.length + to)]);
  return { times: times.slice(from, to), series, values: Float64Array.from(columns.flat()) };
}

test('unknown values count for nothing, and a column without any has no extremes', () => {
  const rollup = rollupOf(hourOf([3, NO, -5, 4], [NO, NO, NO, NO], [0.5, 0.25, NO, 0.25]));
  expect(rollup).toEqual({
    count: Float64Array.of(3, 0, 3),
    min: Float64Array.of(-5, NO, 0.25),
    max: Float64Array.of(4, NO, 0.5),
    sum: Float64Array.of(2, 0, 1),
    rest: Float64Array.of(0, 0, 0),
  });
  expect([0, 1, 2].map((column) => averageOf(rollup, column))).toEqual([2 / 3, NO, 1 / 3]);
});

/** What all values add up to, as whole numbers. */
const exactSum = (values: Float64Array) => values.reduce((sum, value) => sum + BigInt(value), 0n);
const sumOf = ({ sum, rest }: Rollup) => BigInt(sum[0] ?? 0) + BigInt(rest[0] ?? 0);

test('the sum of whole numbers is exact, however large they are', () => {
  const large = fc.oneof(fc.maxSafeInteger(), fc.constant(Number.MAX_SAFE_INTEGER), fc.integer());
  fc.assert(
    fc.property(fc.array(large, { minLength: 1, maxLength: 200 }), (values) => {
      const hour = hourOf(values);
      const rollup = rollupOf(hour);
      expect(sumOf(rollup)).toBe(exactSum(hour.values));
      // The nearest double to the sum, so that equal sums are equal numbers.
      expect(rollup.sum[0]).toBe(Number(exactSum(hour.values)));
    }),
    { numRuns: 500 },
  );
});

test('3,600 of the largest numbers, and a year of such hours, add up exactly', () => {
  const rollup = rollupOf(hourOf(new Array(3_600).fill(Number.MAX_SAFE_INTEGER)));
  expect(sumOf(rollup)).toBe(3_600n * BigInt(Number.MAX_SAFE_INTEGER));
  expect(sumOf(mergeRollups(new Array(8_760).fill(rollup)))).toBe(8_760n * 3_600n * BigInt(Number.MAX_SAFE_INTEGER));
});

test('the parts of an hour make the whole, cut anywhere and taken in any order', () => {
  const cuts = fc.array(fc.nat({ max: 70 }), { maxLength: 5 });
  fc.assert(
    fc.property(deviceHours, cuts, fc.boolean(), (any, places, isTurned) => {
      // Whole numbers and halves, of which no sum is rounded.
      const hour = { ...any, values: any.values.map((value) => (Number.isInteger(value * 2) ? value % 2 ** 60 : NO)) };
      const ends = [...places.filter((place) => place < hour.times.length), hour.times.length].sort((a, b) => a - b);
      const parts = ends.map((end, i) => rollupOf(rowsOf(hour, ends[i - 1] ?? 0, end)));
      expect(mergeRollups(isTurned ? parts.reverse() : parts)).toEqual(rollupOf(hour));
    }),
    { numRuns: 500 },
  );
});

test('of arbitrary doubles the parts make the whole to thirty digits', () => {
  const thirds = Array.from({ length: 900 }, (_, i) => (i + 1) / 3);
  const hour = hourOf(thirds);
  const parts = [0, 300, 600].map((from) => rollupOf(rowsOf(hour, from, from + 300)));
  expect(mergeRollups(parts)).toEqual(rollupOf(hour));
});

test('nothing at all rolls up to nothing', () => {
  expect(mergeRollups([]).count).toEqual(new Float64Array(0));
});
