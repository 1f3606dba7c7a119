// Reads the bits of one full or delta record; the mirror of write-record.ts, with every number checked.
import type { BitReader } from './bit-reader.ts';
import { isGood } from './column-model.ts';
import { type DeviceChain, intervalColumn, isPresent } from './device-chain.ts';
import { malformed } from './malformed.ts';
import { type DeltaRow, readColumns, readValue } from './read-columns.ts';
import { readSized } from './residual-code.ts';

/** Where the values of a record go: from `from` on, NaN for unknown. */
export interface RowPlace {
  into: Float64Array;
  from: number;
}

/** The values of a full record; `chain` has just begun, and its time is read by the caller. */
export function readFull(reader: BitReader, chain: DeviceChain, { into, from }: RowPlace): void {
  readPresence(reader, chain);
  const { model, columns, present } = chain;
  for (let i = 0; i < columns.series.length; i += 1) {
    into[from + i] = Number.NaN;
    if (!isPresent(present, i)) continue;
    const value = readSized(reader);
    if (!isGood(columns.isCounter[i] === 1, value)) throw malformed('a value is out of range');
    model.learn(i, value, 0, false);
    into[from + i] = value;
  }
}

/** The values of a delta record; moves the chain's time on, which the caller then checks. */
export function readDelta(reader: BitReader, chain: DeviceChain, { into, from }: RowPlace): void {
  const elapsedMs = readValue(reader, chain.model, {
    column: intervalColumn(chain.columns),
    elapsedMs: 0,
    isGap: false,
  });
  chain.at += elapsedMs;
  const former = chain.present;
  readPresence(reader, chain);
  const isQuiet = reader.bits(1) === 1;
  const row = { elapsedMs, isQuiet, into, from };
  // Nearly all records: every column is known, in this one and in the one before.
  if (former === undefined && chain.present === undefined) readColumns(reader, chain.model, row);
  else readGappy(reader, chain, former, row);
}

function readGappy(
  reader: BitReader,
  { model, columns, present }: DeviceChain,
  former: Uint8Array | undefined,
  { into, from, elapsedMs, isQuiet }: DeltaRow,
): void {
  for (let i = 0; i < columns.series.length; i += 1) {
    into[from + i] = Number.NaN;
    if (!isPresent(present, i)) continue;
    const isGap = !isPresent(former, i);
    if (!isGap && model.isQuiet(i) && (isQuiet || reader.bits(1) === 0)) into[from + i] = model.value(i);
    else into[from + i] = readValue(reader, model, { column: i, elapsedMs, isGap });
  }
}

function readPresence(reader: BitReader, chain: DeviceChain): void {
  if (reader.bits(1) === 0) return;
  const present = new Uint8Array(chain.columns.series.length);
  for (let i = 0; i < present.length; i += 1) present[i] = reader.bits(1);
  chain.present = present.includes(0) ? present : undefined;
}
