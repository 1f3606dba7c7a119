// Which rows of a column have a value: most columns all of them, and those that appear, vanish or have gaps in few runs.
import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { malformed } from './malformed.ts';
import { readCount, writeCount } from './residual-code.ts';

/** 1 for a row with a value. */
export type Presence = Uint8Array;

/** `former`: the presence written last. A disk that vanishes takes all of its columns with it. */
export function writePresence(writer: BitWriter, present: Presence, former: Presence | undefined): void {
  // The worst case is a bit for each row.
  writer.reserve(present.length / 8 + 8);
  if (former !== undefined && isSame(present, former)) {
    writer.bits(0, 2);
    return;
  }
  writer.bits(1, 2);
  writer.bits(present[0] ?? 0, 1);
  let run = 0;
  for (let i = 1; i <= present.length; i += 1) {
    run += 1;
    if (present[i] === present[i - 1]) continue;
    writeCount(writer, run);
    run = 0;
  }
}

/** Undefined when every row has a value. */
export function readPresence(reader: BitReader, rows: number, former: Presence | undefined): Presence | undefined {
  if (reader.bits(1) === 1) return undefined;
  if (reader.bits(1) === 0) {
    if (former === undefined) throw malformed('no column lacked a value before');
    return former;
  }
  const present = new Uint8Array(rows);
  let bit = reader.bits(1);
  for (let row = 0; row < rows; bit = 1 - bit) {
    const end = row + readCount(reader);
    if (end > rows) throw malformed('a run is longer than its rows');
    present.fill(bit, row, end);
    row = end;
  }
  return present;
}

function isSame(a: Presence, b: Presence): boolean {
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
