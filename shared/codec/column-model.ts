// What encoder and decoder learn alike about each column of a device: two predictors, their errors, the step of its values.
// 43 bytes a column; arithmetic is plain IEEE doubles in one order, so both sides compute the same numbers on any machine.
import { MAX_COUNTER, MAX_GAUGE } from './delta-format.ts';
import { riceParameter } from './residual-code.ts';

// Members of a column in `numbers`.
const VALUE = 0; // last known value
export const LATEST = 1; // a gauge's last value, a counter's last rate a millisecond
export const SMOOTH = 2; // running mean of the same
export const LATEST_ERROR = 3; // running mean of |value - prediction|, predicting by LATEST
export const SMOOTH_ERROR = 4; // the same, predicting by SMOOTH
export const WIDTH = 5;

/** Errors are a plain mean at first, then a window of 16 polls. */
export const MAX_AGE = 16;
/** Weight of the newest of n numbers in a plain mean. */
export const WEIGHTS = Float64Array.from({ length: MAX_AGE + 1 }, (_, n) => 1 / Math.max(1, n));
/** The level or rate follows faster than the errors: 8 polls. */
export const LEVEL_WINDOW = 8;
/** One spike moves an error mean by at most this factor, so it does not make the hour's remaining residuals dear. */
export const SPIKE = 16;
/** Values keep a common power of two of up to 2^12: pages and sectors of 4 KiB. */
const MAX_SHIFT = 12;
/** After this many unchanged polls a column is quiet: all quiet columns share one bit. */
export const QUIET_AFTER = 3;
/** Rates are not learned over less: jitter would dominate. Live polls are 2 s apart. */
export const MIN_RATE_MS = 1_000;

// 2^n and 2^-n: multiplying by them is exact, and several times faster than dividing.
export const STEPS = Float64Array.from({ length: MAX_SHIFT + 1 }, (_, n) => 2 ** n);
export const INVERSES = Float64Array.from({ length: MAX_SHIFT + 1 }, (_, n) => 2 ** -n);

/** One device's columns, and its poll interval as a further gauge column at the end. What it holds is read and written by read-columns.ts too. */
export class ColumnModel {
  readonly isCounter: Uint8Array;
  readonly numbers: Float64Array;
  /** Values learned from, up to MAX_AGE. */
  readonly age: Uint8Array;
  /** Trailing zero bits all changes so far had in common. */
  readonly shifts: Uint8Array;
  /** Polls in a row without a change, up to QUIET_AFTER. */
  readonly still: Uint8Array;

  /** `isCounter`: 1 or 0 for each column. */
  constructor(isCounter: Uint8Array) {
    const width = isCounter.length + 1;
    this.isCounter = isCounter;
    this.numbers = new Float64Array(width * WIDTH);
    this.age = new Uint8Array(width);
    this.shifts = new Uint8Array(width).fill(MAX_SHIFT);
    this.still = new Uint8Array(width);
  }

  /** Last known value; 0 before the first. */
  value(column: number): number {
    return this.numbers[column * WIDTH + VALUE] ?? 0;
  }

  isQuiet(column: number): boolean {
    return this.still[column] === QUIET_AFTER;
  }

  /** False until the errors are known: until then residuals are coded `sized`. */
  isSteady(column: number): boolean {
    return (this.age[column] ?? 0) > 1 + (this.isCounter[column] ?? 0);
  }

  shift(column: number): number {
    return this.shifts[column] ?? 0;
  }

  /** What the next value, `elapsedMs` after the last, is expected to be: the better predictor so far, on the column's step. */
  predict(column: number, elapsedMs: number): number {
    const at = column * WIDTH;
    const n = this.numbers;
    const value = n[at + VALUE] ?? 0;
    const level = (n[at + LATEST_ERROR] ?? 0) <= (n[at + SMOOTH_ERROR] ?? 0) ? n[at + LATEST] : n[at + SMOOTH];
    const change = this.isCounter[column] === 1 ? (level ?? 0) * elapsedMs : (level ?? 0) - value;
    const step = 1 << (this.shifts[column] ?? 0);
    return within(this.isCounter[column] === 1, value + Math.round(change / step) * step);
  }

  riceParameter(column: number): number {
    const at = column * WIDTH;
    const mean = Math.min(this.numbers[at + LATEST_ERROR] ?? 0, this.numbers[at + SMOOTH_ERROR] ?? 0);
    return riceParameter(mean / (1 << (this.shifts[column] ?? 0)));
  }

  /** Takes in the value that came. `isGap`: the column was unknown in the device's former poll, so no rate follows from it. */
  learn(column: number, value: number, elapsedMs: number, isGap: boolean): void {
    const n = this.numbers;
    const at = column * WIDTH;
    const age = this.age[column] ?? 0;
    if (age === 0) {
      this.#begin(column, value);
      return;
    }
    const former = n[at + VALUE] ?? 0;
    const change = value - former;
    n[at + VALUE] = value;
    if (change === 0) {
      const still = this.still[column] ?? 0;
      if (still < QUIET_AFTER) this.still[column] = still + 1;
    } else {
      this.still[column] = 0;
      this.#narrowStep(column, change);
    }
    if (this.isCounter[column] === 1) {
      // A reset, or a change over an unknown time: no rate follows, and the column grows no wiser.
      if (change < 0 || isGap || elapsedMs < MIN_RATE_MS) return;
      this.#learnCounter(at, age, change, elapsedMs);
    } else this.#learnGauge(at, age, value);
    if (age < MAX_AGE) this.age[column] = age + 1;
  }

  #begin(column: number, value: number): void {
    const at = column * WIDTH;
    this.age[column] = 1;
    this.numbers[at + VALUE] = value;
    if (this.isCounter[column] === 1) return;
    this.numbers[at + LATEST] = value;
    this.numbers[at + SMOOTH] = value;
  }

  #learnGauge(at: number, age: number, value: number): void {
    const n = this.numbers;
    const smooth = n[at + SMOOTH] ?? 0;
    this.#learnErrors(at, age, Math.abs(value - (n[at + LATEST] ?? 0)), Math.abs(value - smooth));
    n[at + LATEST] = value;
    n[at + SMOOTH] = smooth + (value - smooth) * (WEIGHTS[Math.min(age + 1, LEVEL_WINDOW)] ?? 0);
  }

  #learnCounter(at: number, age: number, change: number, elapsedMs: number): void {
    const n = this.numbers;
    const rate = change / elapsedMs;
    const smooth = n[at + SMOOTH] ?? 0;
    n[at + SMOOTH] = smooth + (rate - smooth) * (WEIGHTS[Math.min(age, LEVEL_WINDOW)] ?? 0);
    const latest = n[at + LATEST] ?? 0;
    n[at + LATEST] = rate;
    if (age === 1) return; // the first rate: there was nothing to be wrong about
    this.#learnErrors(at, age - 1, Math.abs(change - latest * elapsedMs), Math.abs(change - smooth * elapsedMs));
  }

  #learnErrors(at: number, age: number, latest: number, smooth: number): void {
    const n = this.numbers;
    const weight = WEIGHTS[age] ?? 0;
    const latestMean = n[at + LATEST_ERROR] ?? 0;
    const smoothMean = n[at + SMOOTH_ERROR] ?? 0;
    const latestSeen = age === 1 ? latest : Math.min(latest, SPIKE * (latestMean + 1));
    const smoothSeen = age === 1 ? smooth : Math.min(smooth, SPIKE * (smoothMean + 1));
    n[at + LATEST_ERROR] = latestMean + (latestSeen - latestMean) * weight;
    n[at + SMOOTH_ERROR] = smoothMean + (smoothSeen - smoothMean) * weight;
  }

  #narrowStep(column: number, change: number): void {
    const shift = this.shifts[column] ?? 0;
    if (shift === 0) return;
    const low = Math.abs(change) % (1 << MAX_SHIFT);
    if (low === 0) return;
    const zeros = 31 - Math.clz32(low & -low);
    if (zeros < shift) this.shifts[column] = zeros;
  }
}

function within(isCounter: boolean, value: number): number {
  const least = isCounter ? 0 : -MAX_GAUGE;
  const most = isCounter ? MAX_COUNTER : MAX_GAUGE;
  return value < least ? least : value > most ? most : value;
}

export const isGood = (isCounter: boolean, value: number): boolean =>
  isCounter ? value >= 0 && value <= MAX_COUNTER : value >= -MAX_GAUGE && value <= MAX_GAUGE;
