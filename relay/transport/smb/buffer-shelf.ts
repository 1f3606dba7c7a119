// Keeps large buffers for the next message: memory that is given back and taken anew for each megabyte costs more than the copy.

export class BufferShelf {
  readonly #bytes: number;
  readonly #limit: number;
  readonly #free: Buffer[] = [];

  /** Buffers of one size, so many of them at most; what is larger or smaller than half is made anew. */
  constructor(options: { bytes: number; limit: number }) {
    this.#bytes = options.bytes;
    this.#limit = options.limit;
  }

  take(bytes: number): Buffer {
    if (bytes > this.#bytes || bytes < this.#bytes / 2) return Buffer.allocUnsafe(bytes);
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#bytes);
  }

  /** Called once by who had it, when nobody looks at it any more. */
  giveBack(buffer: Buffer): void {
    const whole = Buffer.from(buffer.buffer);
    if (whole.length === this.#bytes && this.#free.length < this.#limit) this.#free.push(whole);
  }

  clear(): void {
    this.#free.length = 0;
  }
}
