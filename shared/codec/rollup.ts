// What remains of many values: how many, the least, the greatest and their sum, which is exact, so that the parts of a day make its whole.
import type { DeviceHour } from './device-hour.ts';

/**
 * A place in each array for a column. The sum of a column is `sum` + `rest`, the nearest double and what it lacks. That is the
 * exact sum of whole numbers, and of any values that are multiples of some 2^q with fewer than 2^(q + 105) in all; of doubles
 * whose magnitudes lie further apart it is right to 30 digits.
 */
export interface Rollup {
  count: Float64Array;
  /** NaN where there is no value, as are `max` and the average. */
  min: Float64Array;
  max: Float64Array;
  sum: Float64Array;
  rest: Float64Array;
}

export function emptyRollup(columns: number): Rollup {
  return {
    count: new Float64Array(columns),
    min: new Float64Array(columns).fill(Number.NaN),
    max: new Float64Array(columns).fill(Number.NaN),
    sum: new Float64Array(columns),
    rest: new Float64Array(columns),
  };
}

/** Unknown values count for nothing. */
export function rollupOf({ times, series, values }: DeviceHour): Rollup {
  const rollup = emptyRollup(series.length);
  for (let column = 0; column < series.length; column += 1)
    addColumn(rollup, column, values, column * times.length, (column + 1) * times.length);
  return rollup;
}

/** Of parts that have the same columns, in any order. */
export function mergeRollups(parts: readonly Rollup[]): Rollup {
  const whole = emptyRollup(parts[0]?.count.length ?? 0);
  for (const part of parts)
    for (let column = 0; column < whole.count.length; column += 1) addTotal(whole, column, part, column);
  return whole;
}

/** Adds place `at` of `part` to place `to` of `whole`; nothing where it counts nothing. */
export function addTotal(whole: Rollup, to: number, part: Rollup, at: number): void {
  const count = part.count[at] ?? 0;
  if (count === 0) return;
  addExtremes(whole, to, count, part.min[at] ?? 0, part.max[at] ?? 0);
  addExactly(whole, to, part.sum[at] ?? 0);
  addExactly(whole, to, part.rest[at] ?? 0);
}

export const averageOf = ({ count, sum, rest }: Rollup, column: number): number =>
  ((sum[column] ?? 0) + (rest[column] ?? 0)) / (count[column] || Number.NaN);

/** Adds values [from, to) to a column; unknown ones count for nothing. */
export function addColumn(rollup: Rollup, column: number, values: Float64Array, from: number, to: number): void {
  let count = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let isWhole = true;
  for (let i = from; i < to; i += 1) {
    const value = values[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    count += 1;
    if (value < min) min = value;
    if (value > max) max = value;
    if (Math.floor(value) !== value) isWhole = false;
    sum += value;
  }
  if (count === 0) return;
  addExtremes(rollup, column, count, min, max);
  // Sums of whole numbers that stay so small are exact as they are, and these are nearly all.
  if (isWhole && Math.max(-min, max) * count <= Number.MAX_SAFE_INTEGER) rollup.sum[column] = sum;
  else
    for (let i = from; i < to; i += 1) {
      const value = values[i] ?? Number.NaN;
      if (!Number.isNaN(value)) addExactly(rollup, column, value);
    }
}

function addExtremes({ count, min, max }: Rollup, column: number, seen: number, low: number, high: number): void {
  const isFirst = count[column] === 0;
  count[column] = (count[column] ?? 0) + seen;
  // Zero has one spelling, whichever part says it first.
  min[column] = (isFirst ? low : Math.min(min[column] ?? low, low)) + 0;
  max[column] = (isFirst ? high : Math.max(max[column] ?? high, high)) + 0;
}

/** Adds a number to a place without losing what rounding takes. */
export function addExactly({ sum, rest }: Pick<Rollup, 'sum' | 'rest'>, column: number, value: number): void {
  const former = sum[column] ?? 0;
  const rounded = former + value;
  const lacking = (rest[column] ?? 0) + errorOf(former, value, rounded);
  const next = rounded + lacking;
  sum[column] = next;
  rest[column] = errorOf(rounded, lacking, next);
}

/** What rounding took from a + b, exactly (Knuth's two-sum). */
function errorOf(a: number, b: number, rounded: number): number {
  const ofB = rounded - a;
  return a - (rounded - ofB) + (b - ofB);
}
