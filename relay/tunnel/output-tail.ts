// The last of a shell's output, by its place in the whole: what a client that comes back has missed.

/** Some 500 full lines: what scrolled by in a moment without a network. */
export const TAIL_BYTES = 64 * 1024;

export class OutputTail {
  /** A ring; `#end` counts all bytes there ever were. */
  readonly #ring = new Uint8Array(TAIL_BYTES);
  #end = 0;

  get end(): number {
    return this.#end;
  }

  /** The oldest byte that is kept. */
  get start(): number {
    return Math.max(0, this.#end - TAIL_BYTES);
  }

  push(bytes: Uint8Array): void {
    const kept = bytes.length > TAIL_BYTES ? bytes.subarray(bytes.length - TAIL_BYTES) : bytes;
    const at = (this.#end + bytes.length - kept.length) % TAIL_BYTES;
    const first = Math.min(kept.length, TAIL_BYTES - at);
    this.#ring.set(kept.subarray(0, first), at);
    this.#ring.set(kept.subarray(first), 0);
    this.#end += bytes.length;
  }

  /** A copy of at most `most` bytes from `place` on, which is between start and end. */
  read(place: number, most: number): Uint8Array {
    const from = Math.max(place, this.start);
    const length = Math.min(most, this.#end - from);
    const at = from % TAIL_BYTES;
    const bytes = new Uint8Array(length);
    const first = Math.min(length, TAIL_BYTES - at);
    bytes.set(this.#ring.subarray(at, at + first));
    bytes.set(this.#ring.subarray(0, length - first), first);
    return bytes;
  }
}
