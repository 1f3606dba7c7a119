// How a column of numbers is written shortest: decimals, step, order of prediction, centre and Rice parameter.
import { CENTRE_QUARTERS, MAX_DECIMALS, MAX_RANGE, RAW, SPARSE, SPARSE_SHARE } from './chunk-format.ts';
import { MAX_RICE, riceParameter } from './residual-code.ts';

export interface ColumnShape {
  /** 0 when all values are the same, else 1 + order. */
  kind: number;
  /** Decimals, or RAW: then nothing else counts. */
  scale: number;
  base: number;
  step: number;
  k: number;
  /** In units of `centreUnit(k)`. */
  centre: number;
}

/** A quarter is the most by which rounding moves a product up to here. */
const MAX_SCALED = 2 ** 50;

export const POWERS_OF_TEN = Float64Array.from({ length: MAX_DECIMALS + 1 }, (_, n) => 10 ** n);

/** The centre's unit: a quarter of the Rice unit, and at least 1. */
export const centreUnit = (k: number): number => UNITS[k] ?? 1;
// By table: a power is reckoned in a call of the runtime, which took a thirtieth of the metrics worker's time.
const UNITS = Float64Array.from({ length: SPARSE + 1 }, (_, k) => 2 ** Math.max(0, k - CENTRE_QUARTERS));

/**
 * Finds the shape and leaves in `values`, from index 1 on, the residuals to be written; the values as they were when it is
 * raw. The values are finite, and at least one.
 */
export function shapeColumn(values: Float64Array, count: number): ColumnShape {
  const scale = scaleOf(values, count);
  const base = values[0] ?? 0;
  const step = scale === RAW ? 0 : toSteps(values, count, base);
  if (step === 0) return { kind: 0, scale, base, step: 1, k: 0, centre: 0 };
  if (changesIn(values, count) * SPARSE_SHARE <= count) {
    toDifferences(values, count, 1);
    return { kind: 2, scale, base, step, k: SPARSE, centre: 0 };
  }
  const mean = (values[count - 1] ?? 0) / (count - 1);
  const order = bestOrder(values, count, mean);
  if (order > 0) toDifferences(values, count, order);
  const { k, level } = riceOf(values, count, order, mean);
  const unit = centreUnit(k);
  const centre = Math.round((order === 2 ? mean : level) / unit);
  subtract(values, order === 2 ? 2 : count, centre * unit);
  return { kind: 1 + order, scale, base, step, k, centre };
}

/** Makes the values whole by the least power of ten that does, in place; RAW, and the values as they were, when none does. */
function scaleOf(values: Float64Array, count: number): number {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let isWhole = true;
  for (let i = 0; i < count; i += 1) {
    const value = values[i] ?? 0;
    if (value < min) min = value;
    if (value > max) max = value;
    if (Math.floor(value) !== value) isWhole = false;
  }
  const scale = isWhole ? 0 : decimalsOf(values, count);
  const power = POWERS_OF_TEN[scale] ?? Number.POSITIVE_INFINITY;
  const low = Math.round(min * power);
  const high = Math.round(max * power);
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || high - low >= MAX_RANGE) return RAW;
  // Beyond this a product with the power may be rounded to another whole number than the one that divides back to the value.
  if (scale > 0 && Math.max(-low, high) > MAX_SCALED) return RAW;
  if (scale > 0) for (let i = 0; i < count; i += 1) values[i] = Math.round((values[i] ?? 0) * power);
  return scale;
}

function decimalsOf(values: Float64Array, count: number): number {
  let decimals = 0;
  for (let i = 0; i < count; i += 1) {
    const value = values[i] ?? 0;
    while (Math.round(value * (POWERS_OF_TEN[decimals] ?? 0)) / (POWERS_OF_TEN[decimals] ?? 0) !== value) {
      if (decimals === MAX_DECIMALS) return RAW;
      decimals += 1;
    }
  }
  return decimals;
}

/** Replaces each value by its distance from `base` in steps, and returns the step: the gcd of all distances, 0 when all are 0. */
function toSteps(values: Float64Array, count: number, base: number): number {
  let bits = 0;
  let isStill = true;
  for (let i = 0; i < count; i += 1) {
    const distance = (values[i] ?? 0) - base;
    values[i] = distance;
    // The lowest 32 bits; they are zero only of 0 and of multiples of 2^32.
    bits |= distance | 0;
    if (distance !== 0) isStill = false;
  }
  if (isStill) return 0;
  const twos = bits === 0 ? 2 ** 32 : bits & -bits;
  const step = (twos < 0 ? 2 ** 31 : twos) * oddStep(values, count, twos < 0 ? 2 ** 31 : twos);
  if (step !== 1) for (let i = 0; i < count; i += 1) values[i] = (values[i] ?? 0) / step;
  return step;
}

/** The gcd of all values / twos, each of which is whole; mostly 1, known after two or three values. */
function oddStep(values: Float64Array, count: number, twos: number): number {
  let step = 0;
  for (let i = 1; i < count && step !== 1; i += 1) {
    let other = Math.abs(values[i] ?? 0) / twos;
    while (other !== 0) {
      // Division of 32-bit integers is several times faster than that of doubles.
      const rest = step < 0x80000000 && other < 0x80000000 ? (step | 0) % (other | 0) : step % other;
      step = other;
      other = rest;
    }
  }
  return step;
}

function changesIn(values: Float64Array, count: number): number {
  let changes = 0;
  for (let i = 1; i < count; i += 1) if (values[i] !== values[i - 1]) changes += 1;
  return changes;
}

/** The order whose residuals are the smallest in sum; a tie goes to the lower one. */
function bestOrder(values: Float64Array, count: number, mean: number): number {
  let sum = 0;
  for (let i = 1; i < count; i += 1) sum += values[i] ?? 0;
  const level = sum / (count - 1);
  let zero = 0;
  let one = 0;
  let two = 0;
  let former = 0;
  let formerChange = mean;
  for (let i = 1; i < count; i += 1) {
    const value = values[i] ?? 0;
    const change = value - former;
    zero += Math.abs(value - level);
    one += Math.abs(change - mean);
    two += Math.abs(change - formerChange);
    former = value;
    formerChange = change;
  }
  if (zero <= one && zero <= two) return 0;
  return one <= two ? 1 : 2;
}

function toDifferences(values: Float64Array, count: number, order: number): void {
  let former = 0;
  let formerChange = 0;
  for (let i = 1; i < count; i += 1) {
    const value = values[i] ?? 0;
    const change = value - former;
    values[i] = order === 1 ? change : change - formerChange;
    former = value;
    formerChange = change;
  }
}

/** A residual this many times the mean is an outlier: a reset or a burst must not make the hour's other residuals dear. */
const OUTLIER = 4;

/** The level that the residuals lie around, outliers left out, and the Rice parameter that writes them shortest. */
function riceOf(values: Float64Array, count: number, order: number, mean: number): { k: number; level: number } {
  // The first of order 2 is a change, not a change of a change.
  const from = order === 2 ? 2 : 1;
  const about = order === 0 ? averageWithin(values, from, count, 0, Number.POSITIVE_INFINITY) : order === 1 ? mean : 0;
  const reach = OUTLIER * spreadWithin(values, from, count, about, Number.POSITIVE_INFINITY);
  const level = order === 2 ? 0 : averageWithin(values, from, count, about, reach);
  const k = riceParameter(spreadWithin(values, from, count, level, reach));
  return { k: cheapest(values, from, count, level, k), level };
}

function averageWithin(values: Float64Array, from: number, to: number, about: number, reach: number): number {
  let sum = 0;
  let seen = 0;
  for (let i = from; i < to; i += 1) {
    const value = values[i] ?? 0;
    if (Math.abs(value - about) > reach) continue;
    sum += value;
    seen += 1;
  }
  return seen === 0 ? about : sum / seen;
}

/** The mean distance from `about`, of those that are within reach of it. */
function spreadWithin(values: Float64Array, from: number, to: number, about: number, reach: number): number {
  let sum = 0;
  let seen = 0;
  for (let i = from; i < to; i += 1) {
    const distance = Math.abs((values[i] ?? 0) - about);
    if (distance > reach) continue;
    sum += distance;
    seen += 1;
  }
  return seen === 0 ? 0 : sum / seen;
}

/** Ones that say "escaped", and a sized number behind them. */
const ESCAPE_QUOTIENT = 16;
const ESCAPE_BITS = 26;

/** `k` or a neighbour of it, whichever needs the fewest bits. */
function cheapest(values: Float64Array, from: number, to: number, level: number, k: number): number {
  if (k === 0) return 0;
  const inverse = 2 ** -k;
  let fewer = 0;
  let same = 0;
  let more = 0;
  for (let i = from; i < to; i += 1) {
    const quotient = 2 * Math.abs((values[i] ?? 0) - level) * inverse;
    fewer += quotient * 2 < ESCAPE_QUOTIENT ? Math.floor(quotient * 2) : ESCAPE_BITS;
    same += quotient < ESCAPE_QUOTIENT ? 1 + Math.floor(quotient) : 1 + ESCAPE_BITS;
    more += quotient < 2 * ESCAPE_QUOTIENT ? 2 + Math.floor(quotient / 2) : 2 + ESCAPE_BITS;
  }
  if (fewer < same && fewer <= more) return k - 1;
  return more < same && k < MAX_RICE ? k + 1 : k;
}

function subtract(values: Float64Array, to: number, level: number): void {
  if (level !== 0) for (let i = 1; i < to; i += 1) values[i] = (values[i] ?? 0) - level;
}
