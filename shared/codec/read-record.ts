// Reads the bits of one full or delta record; the mirror of write-record.ts, with every number checked.
import type { BitReader } from './bit-reader.ts';
import type { ColumnList } from './column-list.ts';
import { MAX_COUNTER, MAX_GAUGE } from './delta-format.ts';
import { type DeviceChain, intervalColumn, isPresent } from './device-chain.ts';
import { malformed } from './malformed.ts';
import { readResidual, readSized } from './residual-code.ts';

type Values = (number | undefined)[];

/** The values of a full record; `chain` has just begun, and its time is read by the caller. */
export function readFull(reader: BitReader, chain: DeviceChain): Values {
  readPresence(reader, chain);
  const count = chain.columns.series.length;
  const values: Values = new Array(count);
  for (let i = 0; i < count; i += 1) {
    values[i] = undefined;
    if (!isPresent(chain.present, i)) continue;
    const value = checked(chain.columns, i, readSized(reader));
    chain.model.learn(i, value, 0, false);
    values[i] = value;
  }
  return values;
}

/** The values of a delta record, which the next one writes over; moves the chain's time on, which the caller then checks. */
export function readDelta(reader: BitReader, chain: DeviceChain): Values {
  const elapsedMs = readValue(reader, chain, intervalColumn(chain.columns), 0, false);
  chain.at += elapsedMs;
  const former = chain.present;
  readPresence(reader, chain);
  const isQuiet = reader.bits(1) === 1;
  const isWhole = former === undefined && chain.present === undefined;
  return isWhole
    ? readWhole(reader, chain, elapsedMs, isQuiet)
    : readGappy(reader, chain, { former, elapsedMs, isQuiet });
}

/** Nearly all records: every column is known, in this one and in the one before. */
function readWhole(reader: BitReader, chain: DeviceChain, elapsedMs: number, isQuiet: boolean): number[] {
  const known = chain.known ?? chain.model.values();
  chain.model.readAll(reader, elapsedMs, isQuiet, known);
  chain.known = known;
  return known;
}

interface Gappy {
  former: Uint8Array | undefined;
  elapsedMs: number;
  isQuiet: boolean;
}

function readGappy(reader: BitReader, chain: DeviceChain, { former, elapsedMs, isQuiet }: Gappy): Values {
  const { model, columns } = chain;
  chain.known = undefined;
  const values: Values = new Array(columns.series.length);
  for (let i = 0; i < values.length; i += 1) {
    values[i] = undefined;
    if (!isPresent(chain.present, i)) continue;
    const isGap = !isPresent(former, i);
    if (!isGap && model.isQuiet(i) && (isQuiet || reader.bits(1) === 0)) values[i] = model.value(i);
    else values[i] = readValue(reader, chain, i, elapsedMs, isGap);
  }
  return values;
}

function readValue(reader: BitReader, chain: DeviceChain, column: number, elapsedMs: number, isGap: boolean): number {
  const { model, columns } = chain;
  const residual = model.isSteady(column)
    ? readResidual(reader, model.riceParameter(column), model.shift(column))
    : readSized(reader);
  const value = checked(columns, column, model.predict(column, elapsedMs) + residual);
  model.learn(column, value, elapsedMs, isGap);
  return value;
}

function checked({ isCounter }: ColumnList, column: number, value: number): number {
  const isGood =
    isCounter[column] === 1 ? value >= 0 && value <= MAX_COUNTER : value >= -MAX_GAUGE && value <= MAX_GAUGE;
  if (!isGood) throw malformed('a value is out of range');
  return value;
}

function readPresence(reader: BitReader, chain: DeviceChain): void {
  if (reader.bits(1) === 0) return;
  const present = new Uint8Array(chain.columns.series.length);
  for (let i = 0; i < present.length; i += 1) present[i] = reader.bits(1);
  chain.present = present.includes(0) ? present : undefined;
}
