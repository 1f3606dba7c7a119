// Opens a chunk, from hostile bytes: bounded in time and memory, with one kind of error, and never with a wrong value of a good chunk.
import type { DeviceId } from '#shared/base/id.ts';
import { type BitReader, SharedReader } from './bit-reader.ts';
import {
  CHECKSUM_BYTES,
  CHUNK_VERSION,
  chunkChecksum,
  MAX_CHUNK_BYTES,
  MAX_SERIES_NUMBER,
  MIN_COLUMN_BITS,
} from './chunk-format.ts';
import { type DeviceHour, type HourSpan, sizeRefusal, timesRefusal } from './device-hour.ts';
import { malformed } from './malformed.ts';
import { type Presence, readPresence } from './presence-runs.ts';
import { passColumn, readColumn } from './read-column.ts';
import { readCount } from './residual-code.ts';

/**
 * The hour that was sealed. Throws AppError('frame-malformed') when the bytes were changed, are of another device or hour, or
 * are none that an encoder writes. `hours`: how many the chunk may span from `hour` on. It makes at most 16 MiB of values, and less than 29 KB for each ten bits of the chunk.
 */
export function decodeChunk(device: DeviceId, hour: number, chunk: Uint8Array, hours = 1): DeviceHour {
  return decodeBody(opened(device, chunk), { hour, hours });
}

/** The same, of some series alone: those that the chunk has of `wanted`. Behind the last of them nothing is looked at. */
export function decodeSome(
  device: DeviceId,
  span: HourSpan,
  chunk: Uint8Array,
  wanted: ReadonlySet<number>,
): DeviceHour {
  const reader = opened(device, chunk);
  const { times, series } = readHead(reader, span);
  const picked = Uint32Array.from(series.filter((number) => wanted.has(number)));
  return { times, series: picked, values: readPicked(reader, times.length, series, picked) };
}

/** Where in a chunk the numbers of its series stand, and where its bits end: bits from the beginning. */
export interface ChunkLayout {
  numbersFrom: number;
  numbersTo: number;
  end: number;
}

/** The same of one hour, for who wants to give its series other numbers (renumber-chunk.ts). */
export function decodeLaidOut(
  device: DeviceId,
  hour: number,
  chunk: Uint8Array,
): { data: DeviceHour; layout: ChunkLayout } {
  const layout: ChunkLayout = { numbersFrom: 0, numbersTo: 0, end: 0 };
  return { data: decodeBody(opened(device, chunk), { hour, hours: 1 }, layout), layout };
}

interface ChunkHead extends Pick<DeviceHour, 'times' | 'series'> {
  numbersFrom: number;
  numbersTo: number;
}

function readHead(reader: BitReader, span: HourSpan): ChunkHead {
  const version = reader.bits(8);
  if (version !== CHUNK_VERSION) throw malformed(`version ${version} of the chunk is not known`);
  const rows = reader.varint();
  const columns = reader.varint();
  const why = sizeRefusal(rows, columns);
  if (why !== undefined) throw malformed(why);
  // Ascending times are never still, so each row but the first takes a bit.
  if (rows + columns * MIN_COLUMN_BITS > reader.left) throw malformed('more rows and series than bytes');
  const times = new Float64Array(rows);
  readColumn(reader, times, 0, rows);
  const late = timesRefusal(times, span);
  if (late !== undefined) throw malformed(late);
  const numbersFrom = reader.position;
  const series = readNumbers(reader, columns);
  return { times, series, numbersFrom, numbersTo: reader.position };
}

function decodeBody(reader: BitReader, span: HourSpan, layout?: ChunkLayout): DeviceHour {
  const { times, series, numbersFrom, numbersTo } = readHead(reader, span);
  const values = readAll(reader, times.length, series.length);
  if (layout !== undefined) Object.assign(layout, { numbersFrom, numbersTo, end: reader.position });
  if (reader.left >= 8 || reader.bits(reader.left) !== 0) throw malformed('bytes behind the last series');
  return { times, series, values };
}

/** Looks at the checksum alone: whether these are the bytes that were sealed for the device. */
export function checkChunk(device: DeviceId, chunk: Uint8Array): void {
  checkedBody(device, chunk);
}

/** A chunk is read at one go, and nothing of it is kept in views. */
const room = new SharedReader();

const opened = (device: DeviceId, chunk: Uint8Array): BitReader => room.of(checkedBody(device, chunk));

function checkedBody(device: DeviceId, chunk: Uint8Array): Uint8Array {
  if (chunk.length > MAX_CHUNK_BYTES) throw malformed(`a chunk of ${chunk.length} bytes is too long`);
  const length = chunk.length - CHECKSUM_BYTES;
  if (length < 0) throw malformed('a chunk without its checksum');
  const body = chunk.subarray(0, length);
  const said = new DataView(chunk.buffer, chunk.byteOffset).getUint32(length);
  if (said !== chunkChecksum(device, body)) throw malformed('a chunk was damaged, or is of another device');
  return body;
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

function readAll(reader: BitReader, rows: number, columns: number): Float64Array {
  const values = new Float64Array(rows * columns);
  let former: Presence | undefined;
  for (let from = 0; from < values.length; from += rows) {
    const present = readPresence(reader, rows, former);
    if (present === undefined) readColumn(reader, values, from, from + rows);
    else {
      readGappy(reader, values, from, present);
      former = present;
    }
  }
  return values;
}

/** `picked`: some of `series`, in its order. */
function readPicked(reader: BitReader, rows: number, series: Uint32Array, picked: Uint32Array): Float64Array {
  const values = new Float64Array(rows * picked.length);
  let former: Presence | undefined;
  for (let column = 0, place = 0; place < picked.length; column += 1) {
    const present = readPresence(reader, rows, former);
    former = present ?? former;
    if (series[column] !== picked[place]) passOver(reader, rows, present);
    else {
      if (present === undefined) readColumn(reader, values, place * rows, (place + 1) * rows);
      else readGappy(reader, values, place * rows, present);
      place += 1;
    }
  }
  return values;
}

function passOver(reader: BitReader, rows: number, present: Presence | undefined): void {
  const count = present === undefined ? rows : countOf(present);
  if (count > 0) passColumn(reader, count);
}

function countOf(present: Presence): number {
  let count = 0;
  for (const bit of present) count += bit;
  return count;
}

function readGappy(reader: BitReader, values: Float64Array, from: number, present: Presence): void {
  let count = countOf(present);
  if (count > 0) readColumn(reader, values, from, from + count);
  // From the last row on, so that no value is overwritten before it is moved.
  for (let row = present.length - 1; row >= 0; row -= 1) {
    if (present[row] === 1) count -= 1;
    values[from + row] = present[row] === 1 ? (values[from + count] ?? 0) : Number.NaN;
  }
}
