// Cuts a TCP stream into frames of a 24-bit length (MS-SMB2 2.1); large ones are read from the socket straight into their place.
import { FRAME_BYTES } from './header.ts';
import { SmbError } from './smb-fault.ts';

// 64 KiB: what one read of a socket gives at most where nothing larger is under way.
const SCRATCH_BYTES = 65_536;

export interface FrameReaderDeps {
  /** A longer frame is refused before any memory is taken for it. */
  maxBytes: () => number;
  /** Memory for a frame; what is given is at least as long. */
  take: (bytes: number) => Buffer;
  onFrame: (frame: Buffer) => void;
}

/** `room()` says where to read into next, `advance(n)` that n bytes were. */
export class FrameReader {
  readonly #deps: FrameReaderDeps;
  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  #scratchBytes = 0;
  #frame: Buffer | undefined;
  #frameBytes = 0;

  constructor(deps: FrameReaderDeps) {
    this.#deps = deps;
  }

  room(): Buffer {
    if (this.#frame !== undefined) return this.#frame.subarray(this.#frameBytes);
    return this.#scratch.subarray(this.#scratchBytes);
  }

  advance(bytes: number): void {
    if (this.#frame === undefined) {
      this.#scratchBytes += bytes;
      this.#cut();
      return;
    }
    this.#frameBytes += bytes;
    if (this.#frameBytes < this.#frame.length) return;
    const frame = this.#frame;
    this.#frame = undefined;
    this.#deps.onFrame(frame);
  }

  /** Takes whole frames out of the scratch; the beginning of one that is not whole moves to its own place. */
  #cut(): void {
    let at = 0;
    while (this.#scratchBytes - at >= FRAME_BYTES) {
      const length = this.#lengthAt(at);
      const frame = this.#deps.take(length).subarray(0, length);
      const have = Math.min(length, this.#scratchBytes - at - FRAME_BYTES);
      this.#scratch.copy(frame, 0, at + FRAME_BYTES, at + FRAME_BYTES + have);
      at += FRAME_BYTES + have;
      if (have < length) {
        this.#frame = frame;
        this.#frameBytes = have;
        break;
      }
      this.#deps.onFrame(frame);
    }
    this.#scratch.copyWithin(0, at, this.#scratchBytes);
    this.#scratchBytes -= at;
  }

  #lengthAt(at: number): number {
    const word = this.#scratch.readUInt32BE(at);
    if (word > 0xffffff) throw new SmbError('malformed', 'a frame that is none of SMB2');
    if (word > this.#deps.maxBytes()) throw new SmbError('malformed', `a frame of ${word} bytes, more than was agreed`);
    return word;
  }
}
