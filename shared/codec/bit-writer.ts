// Writes bits, most significant first, and varints into one growing buffer; the caller reserves room before it writes.

export class BitWriter {
  #bytes: Uint8Array;
  #length = 0;
  #accumulator = 0;
  #held = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Whole bytes written. */
  get length(): number {
    return this.#length;
  }

  /** Makes room for `count` more bytes; nothing else here checks. */
  reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 1.5));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  /** The lowest `count` (0..24) bits of `value`. */
  bits(value: number, count: number): void {
    this.#accumulator = (this.#accumulator << count) | value;
    this.#held += count;
    while (this.#held >= 8) {
      this.#held -= 8;
      this.#bytes[this.#length] = this.#accumulator >>> this.#held;
      this.#length += 1;
    }
  }

  /** A non-negative integer below 2^count, count 0..53. */
  wide(value: number, count: number): void {
    if (count <= 24) {
      this.bits(value, count);
      return;
    }
    const high = Math.floor(value / 0x1000000);
    this.wide(high, count - 24);
    this.bits(value - high * 0x1000000, 24);
  }

  /** Pads with zeros to a whole byte. */
  align(): void {
    if (this.#held > 0) this.bits(0, 8 - this.#held);
  }

  /** A non-negative integer below 2^31, seven bits a byte, lowest first. Only at a whole byte. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.bits((rest & 0x7f) | 0x80, 8);
      rest >>>= 7;
    }
    this.bits(rest, 8);
  }

  /** Only at a whole byte. */
  bytes(source: Uint8Array): void {
    this.#bytes.set(source, this.#length);
    this.#length += source.length;
  }

  /** Puts the count of bytes written since `start` before them, as a varint. `reserve` must have left 5 bytes for it. */
  prefixLength(start: number): void {
    const size = this.#length - start;
    const room = size < 0x80 ? 1 : size < 0x4000 ? 2 : size < 0x200000 ? 3 : 4;
    this.#bytes.copyWithin(start + room, start, this.#length);
    this.#length = start;
    this.varint(size);
    this.#length += size;
  }

  /** A copy of all bytes; begins anew with a buffer that fits what the last one held. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }
}
