// An attached session as a stream of bytes, for protocols that do not care what carries them.
import { type AttachedSession, type AttachOptions, type FinalEnd, finalEnd } from '#shared/seal/attached-session.ts';
import { MAX_PLAIN_BYTES } from '#shared/seal/session-channel.ts';
import { ByteQueue } from './byte-queue.ts';
import type { ByteStream } from './byte-stream.ts';
import { FileError } from './file-error.ts';

export class SessionStream implements ByteStream {
  readonly incoming: AsyncIterable<Uint8Array>;
  /** Why it ended for good; undefined where the line just broke. Settles with the end. */
  readonly ended: Promise<FinalEnd | undefined>;
  readonly #attached: AttachedSession;
  readonly #queue: ByteQueue;

  private constructor(attached: AttachedSession, queue: ByteQueue) {
    this.#attached = attached;
    this.#queue = queue;
    this.incoming = queue.incoming;
    this.ended = attached.ended.then((end) => {
      const why = finalEnd(end);
      queue.end(new FileError('lost', why === undefined ? 'the line is cut' : `the session is over: ${why}`));
      return why;
    });
    // Whoever reads hears of it as well.
    this.ended.catch((error: unknown) => queue.end(error));
  }

  /** `attach` is one attachment by whatever socket there is; rejects as it does. */
  static async attach(attach: (options: AttachOptions) => Promise<AttachedSession>): Promise<SessionStream> {
    const queue = new ByteQueue();
    const onMessage = (plain: Uint8Array) => queue.push(plain);
    // The first message proves our key and says nothing.
    return new SessionStream(await attach({ begin: new Uint8Array(), onMessage }), queue);
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#queue.isOver) throw new FileError('lost', 'the session is not attached any more');
    // Handed over at once, in order: pieces of two writes never mix.
    const pieces: Promise<void>[] = [];
    for (let at = 0; at < bytes.length; at += MAX_PLAIN_BYTES)
      pieces.push(this.#attached.send(bytes.subarray(at, at + MAX_PLAIN_BYTES)));
    await Promise.all(pieces);
  }

  close(): void {
    this.#queue.end();
    this.#attached.close();
  }
}
