// Reads one column of a chunk, the mirror of write-column.ts: whatever the bytes, values are in range or frame-malformed is thrown.
import type { BitReader } from './bit-reader.ts';
import { CENTRE_RICE, MAX_DECIMALS, RAW, SPARSE } from './chunk-format.ts';
import { centreUnit, POWERS_OF_TEN } from './column-shape.ts';
import { malformed } from './malformed.ts';
import { MAX_RICE, passResiduals, readCount, readResidual, readResiduals, readSized } from './residual-code.ts';

const DOUBLE_BITS = 64;
const doubles = new DataView(new ArrayBuffer(8));

/** Fills target[from .. to), one place at least. */
export function readColumn(reader: BitReader, target: Float64Array, from: number, to: number): void {
  const kind = reader.bits(2);
  const scale = reader.bits(1) === 0 ? 0 : reader.bits(3);
  if (scale === RAW) {
    for (let i = from; i < to; i += 1) target[i] = readDouble(reader);
    return;
  }
  if (scale > MAX_DECIMALS) throw malformed(`a scale of ${scale} decimals is not known`);
  const base = readSized(reader);
  if (kind === 0) target.fill(checked(base), from, to);
  else readSteps(reader, { kind, base }, target, from, to);
  const power = POWERS_OF_TEN[scale] ?? 1;
  if (scale > 0) for (let i = from; i < to; i += 1) target[i] = (target[i] ?? 0) / power;
}

/** Passes over a column of `count` values, one at least: what they are is not looked at, only where they end. */
export function passColumn(reader: BitReader, count: number): void {
  const kind = reader.bits(2);
  const scale = reader.bits(1) === 0 ? 0 : reader.bits(3);
  if (scale === RAW) {
    reader.pass(count * DOUBLE_BITS);
    return;
  }
  if (scale > MAX_DECIMALS) throw malformed(`a scale of ${scale} decimals is not known`);
  readSized(reader);
  if (kind === 0) return;
  if (reader.bits(1) === 1) readSized(reader);
  const k = reader.bits(6);
  if (k > MAX_RICE && (k !== SPARSE || kind !== 2)) throw malformed('a column has no known code');
  if (k === SPARSE) passSparse(reader, count - 1);
  else {
    readResidual(reader, CENTRE_RICE, 0);
    passResiduals(reader, count - 1, k);
  }
}

function passSparse(reader: BitReader, count: number): void {
  for (let at = 0; at < count; at += 1) {
    at += readCount(reader) - 1;
    if (at > count) throw malformed('a run is longer than its column');
    if (at < count) readSized(reader);
  }
}

function readSteps(
  reader: BitReader,
  { kind, base }: { kind: number; base: number },
  target: Float64Array,
  from: number,
  to: number,
): void {
  const step = reader.bits(1) === 0 ? 1 : readSized(reader);
  if (step < 1) throw malformed('a column has no step');
  const k = reader.bits(6);
  if (k > MAX_RICE && (k !== SPARSE || kind !== 2)) throw malformed('a column has no known code');
  const centre = k === SPARSE ? 0 : readResidual(reader, CENTRE_RICE, 0) * centreUnit(k);
  if (k === SPARSE) readSparse(reader, target, from + 1, to);
  else readResiduals(reader, target, from + 1, to, k);
  const line = { base, step, centre };
  if (kind === 1) undoOrder0(target, from, to, line);
  else if (kind === 2) undoOrder1(target, from, to, line);
  else undoOrder2(target, from, to, line);
  checkAll(target, from, to);
}

function readSparse(reader: BitReader, target: Float64Array, from: number, to: number): void {
  target.fill(0, from, to);
  for (let at = from; at < to; at += 1) {
    at += readCount(reader) - 1;
    if (at > to) throw malformed('a run is longer than its column');
    if (at < to) target[at] = readSized(reader);
  }
}

interface Line {
  base: number;
  step: number;
  centre: number;
}

function undoOrder0(target: Float64Array, from: number, to: number, { base, step, centre }: Line): void {
  target[from] = base;
  for (let i = from + 1; i < to; i += 1) target[i] = base + step * ((target[i] ?? 0) + centre);
}

function undoOrder1(target: Float64Array, from: number, to: number, { base, step, centre }: Line): void {
  let n = 0;
  target[from] = base;
  for (let i = from + 1; i < to; i += 1) {
    n += (target[i] ?? 0) + centre;
    target[i] = base + step * n;
  }
}

function undoOrder2(target: Float64Array, from: number, to: number, { base, step, centre }: Line): void {
  let n = 0;
  let change = centre;
  target[from] = base;
  for (let i = from + 1; i < to; i += 1) {
    change += target[i] ?? 0;
    n += change;
    target[i] = base + step * n;
  }
}

/** Sums of hostile residuals leave the range in which doubles are exact; what an encoder wrote never does. */
function checkAll(target: Float64Array, from: number, to: number): void {
  let most = 0;
  for (let i = from; i < to; i += 1) most = Math.max(most, Math.abs(target[i] ?? 0));
  checked(most);
}

function checked(value: number): number {
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw malformed('a value is out of range');
  return value;
}

function readDouble(reader: BitReader): number {
  for (let at = 0; at < 8; at += 2) doubles.setUint16(at, reader.bits(16));
  const value = doubles.getFloat64(0);
  if (!Number.isFinite(value)) throw malformed('a value is no number');
  // Zero has one spelling.
  return value + 0;
}
