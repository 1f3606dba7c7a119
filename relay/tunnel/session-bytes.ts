// A client of a session as a stream of bytes: its messages in order, ours in pieces that a message may hold.
import { AppError } from '#shared/base/errors.ts';
import type { ByteStream } from '#shared/remote/byte-stream.ts';
import { MAX_PLAIN_BYTES } from '#shared/seal/session-channel.ts';
import type { SessionPeer } from './session-end.ts';

interface Given {
  bytes: Uint8Array;
  taken: () => void;
}

export class SessionBytes implements ByteStream {
  readonly incoming: AsyncIterable<Uint8Array>;
  readonly #peer: SessionPeer;
  readonly #given: Given[] = [];
  #isOver: boolean = false;
  #wake: () => void = () => undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(peer: SessionPeer) {
    this.#peer = peer;
    this.incoming = this.#read();
  }

  /** Resolves when whoever reads has taken it: only then is there credit for more. */
  push(bytes: Uint8Array): Promise<void> {
    if (this.#isOver || bytes.length === 0) return Promise.resolve();
    return new Promise((taken) => {
      this.#given.push({ bytes, taken });
      this.#wake();
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    // One after the other: pieces of two messages never mix.
    const written = this.#writing.then(() => this.#send(bytes));
    this.#writing = written.catch(() => undefined); // who wrote hears of it
    return written;
  }

  close(): void {
    this.#isOver = true;
    for (const { taken } of this.#given.splice(0)) taken();
    this.#wake();
  }

  async #send(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += MAX_PLAIN_BYTES) {
      if (this.#isOver || this.#peer.isGone) throw new AppError('unavailable', 'the client of the session is gone');
      await this.#peer.send(bytes.subarray(at, at + MAX_PLAIN_BYTES));
    }
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    while (!this.#isOver) {
      const next = this.#given.shift();
      if (next === undefined)
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      else {
        // Also when the reader goes no further.
        try {
          yield next.bytes;
        } finally {
          next.taken();
        }
      }
    }
  }
}
