// Writes one column of a chunk: its shape, then its residuals; read-column.ts is its mirror.
import type { BitWriter } from './bit-writer.ts';
import { CENTRE_RICE, RAW, SPARSE } from './chunk-format.ts';
import { shapeColumn } from './column-shape.ts';
import { MAX_CODE_BITS, writeCount, writeResidual, writeResiduals, writeSized } from './residual-code.ts';

/** What a column takes at most besides its residuals. */
const HEAD_BYTES = 40;
const doubles = new DataView(new ArrayBuffer(8));

/** `values` holds `count` finite numbers, one at least, and is used up. */
export function writeColumn(writer: BitWriter, values: Float64Array, count: number): void {
  writer.reserve(HEAD_BYTES + count * Math.ceil(MAX_CODE_BITS / 8));
  const shape = shapeColumn(values, count);
  writer.bits(shape.kind, 2);
  if (shape.scale === 0) writer.bits(0, 1);
  else writer.bits(8 + shape.scale, 4);
  if (shape.scale === RAW) {
    for (let i = 0; i < count; i += 1) writeDouble(writer, values[i] ?? 0);
    return;
  }
  writeSized(writer, shape.base);
  if (shape.kind === 0) return;
  writer.bits(shape.step === 1 ? 0 : 1, 1);
  if (shape.step !== 1) writeSized(writer, shape.step);
  writer.bits(shape.k, 6);
  if (shape.k === SPARSE) {
    writeSparse(writer, values, count);
    return;
  }
  writeResidual(writer, shape.centre, CENTRE_RICE, 0);
  writeResiduals(writer, values, 1, count, shape.k);
}

function writeSparse(writer: BitWriter, changes: Float64Array, count: number): void {
  let at = 1;
  for (let i = 1; i < count; i += 1) {
    const change = changes[i] ?? 0;
    if (change === 0) continue;
    writeCount(writer, i - at + 1);
    writeSized(writer, change);
    at = i + 1;
  }
  if (at < count) writeCount(writer, count - at + 1);
}

function writeDouble(writer: BitWriter, value: number): void {
  // Zero has one spelling: nobody asks for its sign.
  doubles.setFloat64(0, value + 0);
  for (let at = 0; at < 8; at += 2) writer.bits(doubles.getUint16(at), 16);
}
