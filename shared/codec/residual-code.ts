// Two codes for signed integers: `sized` needs no knowledge, `residual` is a Rice code with a parameter learned by the model.
import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { malformed } from './malformed.ts';

/** This many ones say that a sized number follows instead: a burst costs a few bytes, never thousands. */
const ESCAPE = 16;
const ESCAPE_ONES = 0xffff;
/** 2^48 * ESCAPE < 2^53: whatever a Rice code says is an exact integer. */
export const MAX_RICE = 48;
/** Magnitudes up to 2^53 have up to 54 bits. */
const MAX_SIZE = 54;

/** Worst case of either code in bits: escape, size, sign, magnitude. */
export const MAX_CODE_BITS = ESCAPE + 6 + 1 + MAX_SIZE;

/** Below this, and with parameters that the reader takes in one look, a residual is coded without doubles. */
const MAX_FAST = 2 ** 28;
const MAX_FAST_RICE = 24;

// 2^n and 2^-n by table: Math.pow was half of the encoder's time.
const POWERS = Float64Array.from({ length: 64 }, (_, n) => 2 ** n);
const INVERSES = Float64Array.from({ length: 64 }, (_, n) => 2 ** -n);
const power = (n: number): number => POWERS[n] ?? 0;
const inverse = (n: number): number => INVERSES[n] ?? 0;

const bitLength = (value: number): number =>
  value < 0x80000000 ? 32 - Math.clz32(value) : 31 + bitLength(Math.floor(value / 0x80000000));

/** Six bits of bit length, then sign, then the magnitude without its leading one. Any integer of at most 2^53. */
export function writeSized(writer: BitWriter, value: number): void {
  const magnitude = Math.abs(value);
  const size = bitLength(magnitude);
  writer.bits(size, 6);
  if (size === 0) return;
  writer.bits(value < 0 ? 1 : 0, 1);
  writer.wide(magnitude - power(size - 1), size - 1);
}

export function readSized(reader: BitReader): number {
  const size = reader.bits(6);
  if (size === 0) return 0;
  if (size > MAX_SIZE) throw malformed('a number is too large');
  const isNegative = reader.bits(1) === 1;
  const magnitude = power(size - 1) + reader.wide(size - 1);
  return isNegative ? -magnitude : magnitude;
}

/** The Rice parameter for residuals whose magnitudes average `mean`. */
export function riceParameter(mean: number): number {
  // For two-sided geometric residuals, zigzagged to a mean of 2 * mean, a code is shortest near log2 of the mean.
  const k = bitLength(Math.floor(mean + 0.25));
  return k > MAX_RICE ? MAX_RICE : k;
}

/** `value` must be a multiple of 2^shift to be coded short; if it is not, or is huge, it is escaped. */
export function writeResidual(writer: BitWriter, value: number, k: number, shift: number): void {
  const scaled = shift === 0 ? value : value * inverse(shift);
  const folded = scaled < 0 ? -2 * scaled - 1 : 2 * scaled;
  const quotient = Math.floor(folded * inverse(k));
  if (quotient >= ESCAPE || (shift !== 0 && scaled !== Math.floor(scaled))) {
    writer.bits(ESCAPE_ONES, ESCAPE);
    writeSized(writer, value);
    return;
  }
  writer.bits((2 << quotient) - 2, quotient + 1);
  const rest = folded - quotient * power(k);
  if (k <= 24) writer.bits(rest, k);
  else writer.wide(rest, k);
}

export function readResidual(reader: BitReader, k: number, shift: number): number {
  if (k <= MAX_FAST_RICE) {
    const fast = reader.riceOne(k);
    if (!Number.isNaN(fast)) return shift === 0 ? fast : fast * power(shift);
  }
  const quotient = reader.ones(ESCAPE);
  if (quotient === ESCAPE) return readSized(reader);
  const folded = quotient * power(k) + (k <= 24 ? reader.bits(k) : reader.wide(k));
  const half = Math.floor(folded / 2);
  const scaled = half * 2 === folded ? half : -half - 1;
  return shift === 0 ? scaled : scaled * power(shift);
}

/** The residuals of values[from .. to), each as writeResidual writes it with no shift. */
export function writeResiduals(writer: BitWriter, values: Float64Array, from: number, to: number, k: number): void {
  for (let i = from; i < to; i += 1) {
    const value = values[i] ?? 0;
    const whole = value | 0;
    const folded = (whole << 1) ^ (whole >> 31);
    const quotient = folded >>> k;
    if (k > MAX_FAST_RICE || Math.abs(value) >= MAX_FAST || quotient >= ESCAPE) writeResidual(writer, value, k, 0);
    else if (quotient + k < 24) {
      const ones = ((2 << quotient) - 2) << k;
      writer.bits(ones | (folded & ((1 << k) - 1)), quotient + 1 + k);
    } else {
      writer.bits((2 << quotient) - 2, quotient + 1);
      writer.bits(folded & ((1 << k) - 1), k);
    }
  }
}

/** The mirror of writeResiduals. */
export function readResiduals(reader: BitReader, target: Float64Array, from: number, to: number, k: number): void {
  let at = from;
  while (at < to) {
    if (k <= MAX_FAST_RICE) at = reader.rice(target, at, to, k);
    if (at === to) return;
    target[at] = readResidual(reader, k, 0);
    at += 1;
  }
}

/** Passes over as many as readResiduals reads. */
export function passResiduals(reader: BitReader, count: number, k: number): void {
  let left = count;
  while (left > 0) {
    if (k <= MAX_FAST_RICE) left -= reader.passRice(left, k);
    if (left === 0) return;
    readResidual(reader, k, 0);
    left -= 1;
  }
}

/** A small integer from 1: its bit length less one in ones and a zero, then its bits without the leading one. Below 2^24. */
export function writeCount(writer: BitWriter, value: number): void {
  const size = bitLength(value) - 1;
  writer.bits((2 << size) - 2, size + 1);
  writer.bits(value - (1 << size), size);
}

export function readCount(reader: BitReader): number {
  const size = reader.ones(24);
  if (size === 24) throw malformed('a count is too large');
  return (1 << size) + reader.bits(size);
}
