// The columns of a delta record whose device had all of them before. It does what predict, riceParameter and learn of the model do, with the
// same doubles in the same order.
import type { BitReader } from './bit-reader.ts';
import {
  type ColumnModel,
  INVERSES,
  isGood,
  LATEST,
  LATEST_ERROR,
  LEVEL_WINDOW,
  MAX_AGE,
  MIN_RATE_MS,
  QUIET_AFTER,
  SMOOTH,
  SMOOTH_ERROR,
  SPIKE,
  STEPS,
  WEIGHTS,
  WIDTH,
} from './column-model.ts';
import { MAX_COUNTER, MAX_GAUGE } from './delta-format.ts';
import { malformed } from './malformed.ts';
import { readResidual, readSized } from './residual-code.ts';

/** A quotient of as many ones says that a sized number follows. */
const ESCAPE = 16;
/** Means below it have a Rice parameter of at most 24, which is read in one look. */
const MAX_FAST_MEAN = 2 ** 24 - 1;

export interface OneValue {
  column: number;
  elapsedMs: number;
  /** Unknown in the record before. */
  isGap: boolean;
}

/** One column in any state, by the model itself. */
export function readValue(reader: BitReader, model: ColumnModel, { column, elapsedMs, isGap }: OneValue): number {
  const residual = model.isSteady(column)
    ? readResidual(reader, model.riceParameter(column), model.shift(column))
    : readSized(reader);
  const value = model.predict(column, elapsedMs) + residual;
  if (!isGood(model.isCounter[column] === 1, value)) throw malformed('a value is out of range');
  model.learn(column, value, elapsedMs, isGap);
  return value;
}

/** Where the values of a record go, and what its head says. */
export interface DeltaRow {
  elapsedMs: number;
  /** No quiet column has changed. */
  isQuiet: boolean;
  /** Values go into it from `from` on. */
  into: Float64Array;
  from: number;
}

/**
 * A console decodes more than it does anything else. So bits are read first and values are made of them in a second loop; neither calls
 * anything in the rule, because a double that goes into a function or comes out of it is put on the heap.
 */
export function readColumns(reader: BitReader, model: ColumnModel, row: DeltaRow): void {
  readResiduals(reader, model, row);
  addResiduals(model, row);
}

/** What each column differs by from what is expected of it, in place of its value; NaN where it did not change. */
function readResiduals(reader: BitReader, model: ColumnModel, { isQuiet, into, from }: DeltaRow): void {
  const { numbers, age, shifts, still, isCounter } = model;
  const { view, end } = reader;
  let { position } = reader;
  for (let column = 0, at = 0; column < isCounter.length; column += 1, at += WIDTH) {
    if (still[column] === QUIET_AFTER) {
      if (!isQuiet && position >= end) throw malformed('the data ends too early');
      const isSame = isQuiet || ((view.getUint8(position >>> 3) << (position & 7)) & 0x80) === 0;
      if (!isQuiet) position += 1;
      if (isSame) {
        into[from + column] = Number.NaN;
        continue;
      }
    }
    const shift = shifts[column] ?? 0;
    const mean =
      Math.min(numbers[at + LATEST_ERROR] ?? 0, numbers[at + SMOOTH_ERROR] ?? 0) * (INVERSES[shift] ?? 0) + 0.25;
    const word = view.getUint32(position >>> 3) << (position & 7);
    const quotient = Math.clz32(~word);
    if ((age[column] ?? 0) <= 1 + (isCounter[column] ?? 0) || mean >= MAX_FAST_MEAN || quotient >= ESCAPE) {
      reader.seek(position);
      into[from + column] = model.isSteady(column)
        ? readResidual(reader, model.riceParameter(column), shift)
        : readSized(reader);
      position = reader.position;
      continue;
    }
    const k = 32 - Math.clz32(mean | 0);
    const next = position + quotient + 1;
    if (next + k > end) throw malformed('the data ends too early');
    // A word holds 25 bits from any position on; shifts count modulo 32, so 32 - k is taken in two.
    const rest =
      quotient + k < 25
        ? ((word << (quotient + 1)) >>> 1) >>> (31 - k)
        : ((view.getUint32(next >>> 3) << (next & 7)) >>> 1) >>> (31 - k);
    position = next + k;
    const folded = (quotient << k) | rest;
    into[from + column] = ((folded >>> 1) ^ -(folded & 1)) * (STEPS[shift] ?? 0);
  }
  reader.seek(position);
}

function addResiduals(
  { numbers, age, shifts, still, isCounter }: ColumnModel,
  { elapsedMs, into, from }: DeltaRow,
): void {
  for (let column = 0, at = 0; column < isCounter.length; column += 1, at += WIDTH) {
    const former = numbers[at] ?? 0;
    const residual = into[from + column] ?? Number.NaN;
    if (Number.isNaN(residual)) {
      into[from + column] = former;
      continue;
    }
    const isCount = isCounter[column] === 1;
    const known = age[column] ?? 0;
    const shift = shifts[column] ?? 0;
    const latest = numbers[at + LATEST] ?? 0;
    const smooth = numbers[at + SMOOTH] ?? 0;
    const latestMean = numbers[at + LATEST_ERROR] ?? 0;
    const smoothMean = numbers[at + SMOOTH_ERROR] ?? 0;
    // What is expected: of a counter what it rises by, of a gauge where it goes to.
    const ofLatest = isCount ? latest * elapsedMs : latest - former;
    const ofSmooth = isCount ? smooth * elapsedMs : smooth - former;
    const steps = Math.round((latestMean <= smoothMean ? ofLatest : ofSmooth) * (INVERSES[shift] ?? 0));
    const least = isCount ? 0 : -MAX_GAUGE;
    const most = isCount ? MAX_COUNTER : MAX_GAUGE;
    const value = Math.min(most, Math.max(least, former + steps * (STEPS[shift] ?? 0))) + residual;
    if (!(value >= least && value <= most)) throw malformed('a value is out of range');
    into[from + column] = value;
    numbers[at] = value;
    const change = value - former;
    if (known === 0) {
      age[column] = 1;
      if (!isCount) numbers.fill(value, at + LATEST, at + LATEST_ERROR);
      continue;
    }
    if (change !== 0) still[column] = 0;
    else if ((still[column] ?? 0) < QUIET_AFTER) still[column] = (still[column] ?? 0) + 1;
    // A change that is no multiple of the step so far makes it smaller.
    const low = change & ((1 << shift) - 1);
    if (low !== 0) shifts[column] = 31 - Math.clz32(low & -low);
    if (isCount && (change < 0 || elapsedMs < MIN_RATE_MS)) continue;
    const errors = isCount ? known - 1 : known;
    const level = isCount ? change / elapsedMs : value;
    numbers[at + LATEST] = level;
    numbers[at + SMOOTH] = smooth + (level - smooth) * (WEIGHTS[Math.min(errors + 1, LEVEL_WINDOW)] ?? 0);
    if (known < MAX_AGE) age[column] = known + 1;
    if (errors === 0) continue;
    const weight = WEIGHTS[errors] ?? 0;
    const cap = errors === 1 ? Number.POSITIVE_INFINITY : SPIKE;
    const latestError = isCount ? Math.abs(change - ofLatest) : Math.abs(value - latest);
    const smoothError = isCount ? Math.abs(change - ofSmooth) : Math.abs(value - smooth);
    numbers[at + LATEST_ERROR] = latestMean + (Math.min(latestError, cap * (latestMean + 1)) - latestMean) * weight;
    numbers[at + SMOOTH_ERROR] = smoothMean + (Math.min(smoothError, cap * (smoothMean + 1)) - smoothMean) * weight;
  }
}
