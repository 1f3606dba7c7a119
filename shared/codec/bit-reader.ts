// Reads what BitWriter wrote, from hostile bytes: every read is bounded, and reading past the end throws frame-malformed.
import { malformed } from './malformed.ts';

/** Bits may be peeked in whole words, so this many zero bytes stand behind the data. */
const PADDING = 8;

export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** In bits; the end of what may be read now. */
  #position = 0;
  #end: number;

  constructor(data: Uint8Array) {
    this.#bytes = new Uint8Array(data.length + PADDING);
    this.#bytes.set(data);
    this.#view = new DataView(this.#bytes.buffer);
    this.#end = data.length * 8;
  }

  /** Begins with other data, which is no longer than that it was made for: views that were given out before are written over. */
  load(data: Uint8Array): void {
    this.#bytes.set(data);
    this.#bytes.fill(0, data.length, data.length + PADDING);
    this.#position = 0;
    this.#end = data.length * 8;
  }

  /** Words may be read from it up to the one in which `end` lies: for loops that keep the position themselves, and `seek` it then. */
  get view(): DataView {
    return this.#view;
  }

  /** In bits from the beginning. */
  get end(): number {
    return this.#end;
  }

  /** Bits left before the end. */
  get left(): number {
    return this.#end - this.#position;
  }

  /** In bits from the beginning. */
  get position(): number {
    return this.#position;
  }

  /** Jumps to a bit that was passed before. */
  seek(position: number): void {
    this.#position = position;
  }

  /** Byte position; only meaningful at a whole byte. */
  get offset(): number {
    return this.#position >>> 3;
  }

  /** Narrows the end to `count` bytes from here and returns the former end for `widen`. */
  narrow(count: number): number {
    const former = this.#end;
    if (count * 8 > this.left) throw malformed('a record is longer than its batch');
    this.#end = this.#position + count * 8;
    return former;
  }

  /** Ends a narrowed part, which must be read to its last byte and padded with zeros. */
  widen(end: number): void {
    if (this.left >= 8 || (this.left > 0 && this.bits(this.left) !== 0)) throw malformed('a record is too long');
    this.#end = end;
  }

  /** Jumps over the rest of a narrowed part. */
  skip(end: number): void {
    this.#position = this.#end;
    this.#end = end;
  }

  /** `count` is 0..24. */
  bits(count: number): number {
    const position = this.#position;
    if (position + count > this.#end) throw malformed('the data ends too early');
    this.#position = position + count;
    if (count === 0) return 0;
    return (this.#view.getUint32(position >>> 3) << (position & 7)) >>> (32 - count);
  }

  /** `count` is 0..53. */
  wide(count: number): number {
    if (count <= 24) return this.bits(count);
    const high = this.wide(count - 24);
    return high * 0x1000000 + this.bits(24);
  }

  /** Counts ones up to a zero, which is read too; after `limit` (at most 24) ones nothing more is read. */
  ones(limit: number): number {
    const position = this.#position;
    const word = this.#view.getUint32(position >>> 3) << (position & 7);
    const count = Math.clz32(~word);
    const read = count >= limit ? limit : count + 1;
    if (position + read > this.#end) throw malformed('the data ends too early');
    this.#position = position + read;
    return count >= limit ? limit : count;
  }

  /** One Rice code of parameter `k` (0..24), folded back to signed; NaN, and nothing is read, when its quotient is 16 or more. */
  riceOne(k: number): number {
    const position = this.#position;
    const word = this.#view.getUint32(position >>> 3) << (position & 7);
    const quotient = Math.clz32(~word);
    if (quotient >= 16) return Number.NaN;
    const next = position + quotient + 1;
    if (next + k > this.#end) throw malformed('the data ends too early');
    const rest =
      quotient + k < 25
        ? ((word << (quotient + 1)) >>> 1) >>> (31 - k)
        : ((this.#view.getUint32(next >>> 3) << (next & 7)) >>> 1) >>> (31 - k);
    this.#position = next + k;
    const folded = (quotient << k) | rest;
    return (folded >>> 1) ^ -(folded & 1);
  }

  /**
   * Rice codes of parameter `k` (0..24) into target[from .. to), folded back to signed. Stops before one whose quotient is
   * 16 or more, and returns where.
   */
  rice(target: Float64Array, from: number, to: number, k: number): number {
    const view = this.#view;
    const end = this.#end;
    let position = this.#position;
    let at = from;
    for (; at < to; at += 1) {
      const word = view.getUint32(position >>> 3) << (position & 7);
      const quotient = Math.clz32(~word);
      if (quotient >= 16) break;
      const next = position + quotient + 1;
      if (next + k > end) throw malformed('the data ends too early');
      // A word holds 25 bits from any position on; shifts count modulo 32, so 32 - k is taken in two.
      const rest =
        quotient + k < 25
          ? ((word << (quotient + 1)) >>> 1) >>> (31 - k)
          : ((view.getUint32(next >>> 3) << (next & 7)) >>> 1) >>> (31 - k);
      position = next + k;
      const folded = (quotient << k) | rest;
      target[at] = (folded >>> 1) ^ -(folded & 1);
    }
    this.#position = position;
    return at;
  }

  /** Passes over Rice codes as `rice` reads them: up to `count`, and returns how many it passed. */
  passRice(count: number, k: number): number {
    const view = this.#view;
    const end = this.#end;
    let position = this.#position;
    let passed = 0;
    for (; passed < count; passed += 1) {
      const quotient = Math.clz32(~(view.getUint32(position >>> 3) << (position & 7)));
      if (quotient >= 16) break;
      const next = position + quotient + 1 + k;
      if (next > end) throw malformed('the data ends too early');
      position = next;
    }
    this.#position = position;
    return passed;
  }

  /** Passes over `count` bits. */
  pass(count: number): void {
    if (count > this.left) throw malformed('the data ends too early');
    this.#position += count;
  }

  /** Only at a whole byte. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.bits(8);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw malformed('a number has too many bytes');
  }

  /** A view of `count` bytes; only at a whole byte. */
  bytes(count: number): Uint8Array {
    if (count * 8 > this.left) throw malformed('the data ends too early');
    const start = this.offset;
    this.#position += count * 8;
    return this.#bytes.subarray(start, start + count);
  }
}

/** 64 KiB: a device's hour of 30 series at a poll a second; larger data has a reader of its own, and nobody keeps its room. */
const SHARED_BYTES = 64 * 1024;

/** Reads one thing after the other in one room: a new room for each chunk is as dear as reading its rows. */
export class SharedReader {
  readonly #reader = new BitReader(new Uint8Array(SHARED_BYTES));

  /** Until this is called again. */
  of(data: Uint8Array): BitReader {
    if (data.length > SHARED_BYTES) return new BitReader(data);
    this.#reader.load(data);
    return this.#reader;
  }
}
