// Writes a block of totals; the layout stands in totals-format.ts.
import { AppError } from '#shared/base/errors.ts';
import { BitWriter } from './bit-writer.ts';
import { CHECKSUM_BYTES, chunkChecksum, MAX_SERIES_NUMBER } from './chunk-format.ts';
import { writeCount } from './residual-code.ts';
import {
  FLAT,
  MAX_TOTALS_HOURS,
  MAX_TOTALS_SERIES,
  NEAR,
  PLAIN,
  SPLIT,
  TOTALS_VERSION,
  type TotalsBlock,
} from './totals-format.ts';
import { writeColumn } from './write-column.ts';

const MAX = Number.MAX_SAFE_INTEGER;

/** Keeps its buffers from block to block. */
export class TotalsEncoder {
  readonly #writer = new BitWriter(4_096);
  readonly #column = new Float64Array(MAX_TOTALS_HOURS);
  /** Places of the series' known hours, and how many they are. */
  readonly #places = new Uint32Array(MAX_TOTALS_HOURS);
  #known = 0;
  /** Where the counts of the last series begin, and those of the last one that had others; -1: none yet. */
  #last = -1;
  #other = -1;

  /** Throws AppError('bad-request') that names the owner when the block breaks a bound. */
  encode(owner: string, block: TotalsBlock): Uint8Array {
    const why = totalsRefusal(block) ?? this.#write(block);
    const body = this.#writer.take();
    if (why !== undefined) throw new AppError('bad-request', `totals of ${owner}: ${why}`);
    return this.sealed(owner, body);
  }

  /** The body and its checksum. */
  sealed(owner: string, body: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(body.length + CHECKSUM_BYTES);
    bytes.set(body);
    new DataView(bytes.buffer).setUint32(body.length, chunkChecksum(owner, body));
    return bytes;
  }

  #write(block: TotalsBlock): string | undefined {
    const writer = this.#writer;
    const { hours, series } = block;
    writer.reserve(16 + series.length * 6);
    writer.bits(TOTALS_VERSION, 8);
    writer.varint(hours.length);
    writer.varint(series.length);
    this.#column.set(hours);
    writeColumn(writer, this.#column, hours.length);
    let former = -1;
    for (const number of series) {
      writeCount(writer, number - former);
      former = number;
    }
    this.#last = -1;
    this.#other = -1;
    let why: string | undefined;
    for (let from = 0; from < block.count.length; from += hours.length) {
      this.#writeCounts(block.count, from, hours.length);
      why ??= this.#writeLine(block);
    }
    writer.align();
    return why;
  }

  #writeCounts(count: Float64Array, from: number, hours: number): void {
    this.#known = 0;
    for (let i = from; i < from + hours; i += 1) {
      if ((count[i] ?? 0) === 0) continue;
      this.#places[this.#known] = i;
      this.#known += 1;
    }
    this.#writer.reserve(2);
    if (this.#last >= 0 && isSame(count, this.#last, from, hours)) {
      this.#writer.bits(1, 1);
      return;
    }
    const isOther = this.#other >= 0 && isSame(count, this.#other, from, hours);
    this.#writer.bits(isOther ? 1 : 0, 2);
    const swapped = isOther ? this.#other : from;
    this.#other = this.#last;
    this.#last = swapped;
    if (isOther) return;
    for (let i = 0; i < hours; i += 1) this.#column[i] = count[from + i] ?? 0;
    writeColumn(this.#writer, this.#column, hours);
  }

  #writeLine({ count, min, max, sum, rest }: TotalsBlock): string | undefined {
    if (this.#known === 0) return undefined;
    const form = formOf({ count, min, max, sum, rest }, this.#places, this.#known);
    if (form < 0) return 'a total without end';
    this.#writer.reserve(1);
    this.#writer.bits(form, 2);
    this.#put((i) => min[i] ?? 0);
    if (form === FLAT) return undefined;
    if (form === NEAR) {
      this.#put((i) => (max[i] ?? 0) - (min[i] ?? 0));
      this.#put((i) => (sum[i] ?? 0) - middleOf(count[i] ?? 0, min[i] ?? 0, max[i] ?? 0));
      return undefined;
    }
    this.#put((i) => max[i] ?? 0);
    this.#put((i) => sum[i] ?? 0);
    if (form === SPLIT) this.#put((i) => rest[i] ?? 0);
    return undefined;
  }

  #put(valueAt: (place: number) => number): void {
    for (let i = 0; i < this.#known; i += 1) this.#column[i] = valueAt(this.#places[i] ?? 0);
    writeColumn(this.#writer, this.#column, this.#known);
  }
}

/** What a sum would be if values lay evenly between the least and the greatest: whole, and exact where it is used. */
export const middleOf = (count: number, min: number, max: number): number => Math.floor((count * (min + max)) / 2);

/** The first form that gives everything back; -1 where a number has no end. */
function formOf(
  { count, min, max, sum, rest }: Omit<TotalsBlock, 'hours' | 'series'>,
  places: Uint32Array,
  known: number,
): number {
  let isFlat = true;
  let isNear = true;
  let isSplit = false;
  let near = 0;
  let plain = 0;
  const first = sum[places[0] ?? 0] ?? 0;
  let firstNear = 0;
  for (let at = 0; at < known; at += 1) {
    const i = places[at] ?? 0;
    const n = count[i] ?? 0;
    const low = min[i] ?? 0;
    const high = max[i] ?? 0;
    const total = sum[i] ?? 0;
    const lacks = rest[i] ?? 0;
    if (low - low !== 0 || high - high !== 0 || total - total !== 0 || lacks - lacks !== 0) return -1;
    if (lacks !== 0) isSplit = true;
    if (low !== high || total !== n * low || Math.abs(total) > MAX) isFlat = false;
    if (Math.floor(low) !== low || Math.floor(high) !== high || Math.floor(total) !== total) isNear = false;
    if (Math.max(Math.abs(low), Math.abs(high)) * 2 * n > MAX || Math.abs(total) > MAX / 4) isNear = false;
    const off = total - middleOf(n, low, high);
    if (at === 0) firstNear = off;
    near += Math.abs(known === 1 ? off : off - firstNear);
    plain += Math.abs(known === 1 ? total : total - first);
  }
  if (isSplit) return SPLIT;
  if (isFlat) return FLAT;
  return isNear && near <= plain ? NEAR : PLAIN;
}

function isSame(count: Float64Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i += 1) if (count[a + i] !== count[b + i]) return false;
  return true;
}

/** The bound that a block breaks, or undefined. */
function totalsRefusal({ hours, series, count, min, max, sum, rest }: TotalsBlock): string | undefined {
  if (hours.length < 1 || hours.length > MAX_TOTALS_HOURS) return `${hours.length} hours`;
  if (series.length > MAX_TOTALS_SERIES) return `${series.length} series, more than ${MAX_TOTALS_SERIES}`;
  for (let i = 1; i < hours.length; i += 1)
    if ((hours[i] ?? 0) <= (hours[i - 1] ?? 0)) return `hour ${hours[i]} after ${hours[i - 1]}`;
  let former = -1;
  for (const number of series) {
    if (number <= former || number > MAX_SERIES_NUMBER) return `series ${number} after ${former}`;
    former = number;
  }
  const places = hours.length * series.length;
  for (const part of [count, min, max, sum, rest])
    if (part.length !== places) return `${part.length} totals for ${hours.length} hours of ${series.length} series`;
  for (const n of count) if (!Number.isSafeInteger(n) || n < 0) return `a count of ${n}`;
  return undefined;
}
