// The bits of one full or delta record; read-record.ts is its mirror and the order of steps must stay the same in both.
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { BitWriter } from './bit-writer.ts';
import { OFFSET_BITS } from './delta-format.ts';
import { type DeviceChain, intervalColumn, isPresent } from './device-chain.ts';
import { writeResidual, writeSized } from './residual-code.ts';

/** `chain` has just begun; `offset` is the record's place in its hour. Returns how many values are known. */
export function writeFull(writer: BitWriter, chain: DeviceChain, record: PollRecord, offset: number): number {
  writer.bits(offset, OFFSET_BITS);
  writePresence(writer, chain, record.values);
  let known = 0;
  for (let i = 0; i < record.values.length; i += 1) {
    const value = record.values[i];
    if (value === undefined) continue;
    known += 1;
    writeSized(writer, value);
    chain.model.learn(i, value, 0, false);
  }
  return known;
}

/** Returns how many values are known. */
export function writeDelta(writer: BitWriter, chain: DeviceChain, record: PollRecord): number {
  const { model } = chain;
  const elapsedMs = record.at - chain.at;
  chain.at = record.at;
  writeValue(writer, chain, intervalColumn(chain.columns), elapsedMs, 0, false);
  const former = chain.present;
  writePresence(writer, chain, record.values);
  const isQuiet = writeQuiet(writer, chain, record.values, former);
  let known = 0;
  for (let i = 0; i < record.values.length; i += 1) {
    const value = record.values[i];
    if (value === undefined) continue;
    known += 1;
    const isGap = !isPresent(former, i);
    if (!isGap && model.isQuiet(i)) {
      if (isQuiet) continue;
      writer.bits(value === model.value(i) ? 0 : 1, 1);
      if (value === model.value(i)) continue;
    }
    writeValue(writer, chain, i, value, elapsedMs, isGap);
  }
  return known;
}

function writeValue(
  writer: BitWriter,
  { model }: DeviceChain,
  column: number,
  value: number,
  elapsedMs: number,
  isGap: boolean,
): void {
  const residual = value - model.predict(column, elapsedMs);
  if (model.isSteady(column)) writeResidual(writer, residual, model.riceParameter(column), model.shift(column));
  else writeSized(writer, residual);
  model.learn(column, value, elapsedMs, isGap);
}

/** One bit when the same columns are known as in the former record (all, before the first), else one bit a column. */
function writePresence(writer: BitWriter, chain: DeviceChain, values: PollRecord['values']): void {
  const former = chain.present;
  let isSame = true;
  for (let i = 0; isSame && i < values.length; i += 1) isSame = (values[i] !== undefined) === isPresent(former, i);
  writer.bits(isSame ? 0 : 1, 1);
  if (isSame) return;
  const present = Uint8Array.from(values, (value) => (value === undefined ? 0 : 1));
  for (const bit of present) writer.bits(bit, 1);
  chain.present = present.includes(0) ? present : undefined;
}

/** One bit for all quiet columns together. Returns true when none of them changed. */
function writeQuiet(
  writer: BitWriter,
  { model }: DeviceChain,
  values: PollRecord['values'],
  former: Uint8Array | undefined,
): boolean {
  let isQuiet = true;
  for (let i = 0; isQuiet && i < values.length; i += 1) {
    const value = values[i];
    if (value === undefined || !isPresent(former, i) || !model.isQuiet(i)) continue;
    isQuiet = value === model.value(i);
  }
  writer.bits(isQuiet ? 1 : 0, 1);
  return isQuiet;
}
