// Opens a block of totals, the mirror of totals-encoder.ts, from hostile bytes: bounded, with one kind of error.
import { type BitReader, SharedReader } from './bit-reader.ts';
import { CHECKSUM_BYTES, chunkChecksum, MAX_SERIES_NUMBER } from './chunk-format.ts';
import { malformed } from './malformed.ts';
import { passColumn, readColumn } from './read-column.ts';
import { readCount } from './residual-code.ts';
import { middleOf } from './totals-encoder.ts';
import {
  emptyTotals,
  FLAT,
  MAX_TOTALS_BYTES,
  MAX_TOTALS_HOURS,
  MAX_TOTALS_SERIES,
  MIN_LINE_BITS,
  NEAR,
  SPLIT,
  TOTALS_VERSION,
  type TotalsBlock,
} from './totals-format.ts';

/** Hours [from, to). */
export interface TotalsSpan {
  from: number;
  to: number;
}

/**
 * Totals of `owner` in hours [from, to). Throws AppError('frame-malformed') when the bytes were changed, are another owner's or of
 * other hours, or are none that an encoder writes. It makes at most 10 MiB.
 */
export function decodeTotals(owner: string, bytes: Uint8Array, from: number, to: number): TotalsBlock {
  const { reader, hours, series } = readHead(owner, bytes, { from, to });
  const block = emptyTotals(hours, series);
  readLines(reader, block);
  if (reader.left >= 8 || reader.bits(reader.left) !== 0) throw malformed('bytes behind the last total');
  return block;
}

/** The same, of some series alone: those that the block has of `wanted`. Behind the last of them nothing is looked at. */
export function decodeSomeTotals(
  owner: string,
  bytes: Uint8Array,
  span: TotalsSpan,
  wanted: ReadonlySet<number>,
): TotalsBlock {
  const { reader, hours, series } = readHead(owner, bytes, span);
  const block = emptyTotals(
    hours,
    series.filter((number) => wanted.has(number)),
  );
  readPicked(reader, series, block);
  return block;
}

/** A block is read at one go, and nothing of it is kept in views. */
const room = new SharedReader();

interface TotalsHead extends Pick<TotalsBlock, 'hours' | 'series'> {
  reader: BitReader;
}

function readHead(owner: string, bytes: Uint8Array, { from, to }: TotalsSpan): TotalsHead {
  const reader = room.of(checkedBody(owner, bytes));
  const version = reader.bits(8);
  if (version !== TOTALS_VERSION) throw malformed(`version ${version} of totals is not known`);
  const hourCount = reader.varint();
  const columns = reader.varint();
  if (hourCount < 1 || hourCount > MAX_TOTALS_HOURS || columns > MAX_TOTALS_SERIES)
    throw malformed(`totals of ${hourCount} hours and ${columns} series`);
  if (columns * MIN_LINE_BITS > reader.left) throw malformed('more totals than bytes');
  const hours = readHours(reader, hourCount, from, to);
  return { reader, hours, series: readNumbers(reader, columns) };
}

function checkedBody(owner: string, bytes: Uint8Array): Uint8Array {
  const length = bytes.length - CHECKSUM_BYTES;
  if (length < 0 || bytes.length > MAX_TOTALS_BYTES) throw malformed(`totals of ${bytes.length} bytes`);
  const body = bytes.subarray(0, length);
  const said = new DataView(bytes.buffer, bytes.byteOffset).getUint32(length);
  if (said !== chunkChecksum(owner, body)) throw malformed("totals were damaged, or are another's");
  return body;
}

function readHours(reader: BitReader, count: number, from: number, to: number): Uint32Array {
  const column = new Float64Array(count);
  readColumn(reader, column, 0, count);
  let former = from - 1;
  for (const hour of column) {
    if (!Number.isSafeInteger(hour) || hour <= former || hour >= to) throw malformed(`totals of hour ${hour}`);
    former = hour;
  }
  return Uint32Array.from(column);
}

function readNumbers(reader: BitReader, columns: number): Uint32Array {
  const series = new Uint32Array(columns);
  let former = -1;
  for (let i = 0; i < columns; i += 1) {
    former += readCount(reader);
    if (former > MAX_SERIES_NUMBER) throw malformed('a series number is too large');
    series[i] = former;
  }
  return series;
}

function readLines(reader: BitReader, block: TotalsBlock): void {
  const hours = block.hours.length;
  const column = new Float64Array(hours);
  const places = new Uint32Array(hours);
  let last = -1;
  let other = -1;
  for (let from = 0; from < block.count.length; from += hours) {
    if (reader.bits(1) === 1) {
      if (last < 0) throw malformed('no counts stand before');
      block.count.copyWithin(from, last, last + hours);
    } else {
      const isOther = reader.bits(1) === 1;
      if (isOther && other < 0) throw malformed('no other counts stand before');
      if (isOther) block.count.copyWithin(from, other, other + hours);
      else readCounts(reader, block.count, from, hours);
      const swapped = isOther ? other : from;
      other = last;
      last = swapped;
    }
    let known = 0;
    for (let i = from; i < from + hours; i += 1) {
      if (block.count[i] === 0) continue;
      places[known] = i;
      known += 1;
    }
    if (known > 0) readLine(reader, block, column, places.subarray(0, known));
  }
}

function readCounts(reader: BitReader, count: Float64Array, from: number, hours: number): void {
  readColumn(reader, count, from, from + hours);
  for (let i = from; i < from + hours; i += 1) {
    const n = count[i] ?? 0;
    if (!Number.isSafeInteger(n) || n < 0) throw malformed(`a count of ${n}`);
  }
}

function readLine(reader: BitReader, block: TotalsBlock, column: Float64Array, places: Uint32Array): void {
  const { count, min, max, sum, rest } = block;
  const form = reader.bits(2);
  const read = (into: Float64Array): void => {
    readColumn(reader, column, 0, places.length);
    for (let i = 0; i < places.length; i += 1) into[places[i] ?? 0] = column[i] ?? 0;
  };
  read(min);
  if (form === FLAT) {
    for (const i of places) {
      max[i] = min[i] ?? 0;
      sum[i] = (count[i] ?? 0) * (min[i] ?? 0);
    }
    return;
  }
  read(max);
  read(sum);
  if (form === NEAR)
    for (const i of places) {
      max[i] = (min[i] ?? 0) + (max[i] ?? 0);
      sum[i] = middleOf(count[i] ?? 0, min[i] ?? 0, max[i] ?? 0) + (sum[i] ?? 0);
    }
  if (form === SPLIT) read(rest);
}

/** `block` has some of `series`, in their order. */
function readPicked(reader: BitReader, series: Uint32Array, block: TotalsBlock): void {
  const hours = block.hours.length;
  const column = new Float64Array(hours);
  const places = new Uint32Array(hours);
  const counts = new CountsBefore(hours);
  for (let at = 0, place = 0; place < block.series.length; at += 1) {
    const now = counts.read(reader);
    let known = 0;
    for (let i = 0; i < hours; i += 1) {
      if (now[i] === 0) continue;
      places[known] = place * hours + i;
      known += 1;
    }
    const isPicked = series[at] === block.series[place];
    if (isPicked) block.count.set(now, place * hours);
    if (known > 0 && isPicked) readLine(reader, block, column, places.subarray(0, known));
    else if (known > 0) passLine(reader, known);
    if (isPicked) place += 1;
  }
}

/** The counts of the series read last, and of the last one that had others. */
class CountsBefore {
  readonly #hours: number;
  #last: Float64Array | undefined;
  #other: Float64Array | undefined;

  constructor(hours: number) {
    this.#hours = hours;
  }

  /** Of the next series; nobody changes them. */
  read(reader: BitReader): Float64Array {
    if (reader.bits(1) === 1) {
      if (this.#last === undefined) throw malformed('no counts stand before');
      return this.#last;
    }
    const isOther = reader.bits(1) === 1;
    if (isOther && this.#other === undefined) throw malformed('no other counts stand before');
    const now = (isOther ? this.#other : undefined) ?? this.#anew(reader);
    this.#other = this.#last;
    this.#last = now;
    return now;
  }

  #anew(reader: BitReader): Float64Array {
    const counts = new Float64Array(this.#hours);
    readCounts(reader, counts, 0, this.#hours);
    return counts;
  }
}

function passLine(reader: BitReader, known: number): void {
  const form = reader.bits(2);
  const columns = form === FLAT ? 1 : form === SPLIT ? 4 : 3;
  for (let n = 0; n < columns; n += 1) passColumn(reader, known);
}
