// A client of a session as a stream of bytes: its messages in order, ours in pieces that a message may hold.
import { AppError } from '#shared/base/errors.ts';
import { ByteQueue } from '#shared/remote/byte-queue.ts';
import type { ByteStream } from '#shared/remote/byte-stream.ts';
import { MAX_PLAIN_BYTES } from '#shared/seal/session-channel.ts';
import type { SessionPeer } from './session-end.ts';

export class SessionBytes implements ByteStream {
  readonly #peer: SessionPeer;
  readonly #queue = new ByteQueue();
  #writing: Promise<void> = Promise.resolve();

  constructor(peer: SessionPeer) {
    this.#peer = peer;
  }

  get incoming(): AsyncIterable<Uint8Array> {
    return this.#queue.incoming;
  }

  /** Resolves when whoever reads has taken it: only then is there credit for more. */
  push(bytes: Uint8Array): Promise<void> {
    return this.#queue.push(bytes);
  }

  write(bytes: Uint8Array): Promise<void> {
    // One after the other: pieces of two messages never mix.
    const written = this.#writing.then(() => this.#send(bytes));
    this.#writing = written.catch(() => undefined); // who wrote hears of it
    return written;
  }

  close(): void {
    this.#queue.end();
  }

  async #send(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += MAX_PLAIN_BYTES) {
      if (this.#queue.isOver || this.#peer.isGone)
        throw new AppError('unavailable', 'the client of the session is gone');
      await this.#peer.send(bytes.subarray(at, at + MAX_PLAIN_BYTES));
    }
  }
}
