// An attached session as a stream of bytes, for protocols that do not care what carries them.

import { ByteQueue } from '#shared/remote/byte-queue.ts';
import type { ByteStream } from '#shared/remote/byte-stream.ts';
import { FileError } from '#shared/remote/file-error.ts';
import { MAX_PLAIN_BYTES } from '#shared/seal/session-channel.ts';
import type { CommandContext } from './command-context.ts';
import { type AttachedSession, attachSession, type OpenSession } from './open-session.ts';

/** Ends after which nothing comes back, in words. */
const FINAL: Readonly<Record<string, string>> = {
  ended: 'the session is over',
  unknown: 'the relay has no such session any more',
  revoked: 'you may not be here any more: the session was ended',
  replaced: 'this session was taken up elsewhere',
};

export class SessionStream implements ByteStream {
  readonly incoming: AsyncIterable<Uint8Array>;
  /** Why it ended for good; undefined where the line just broke. Settles with the end. */
  readonly ended: Promise<string | undefined>;
  readonly #attached: AttachedSession;
  readonly #queue: ByteQueue;

  private constructor(attached: AttachedSession, queue: ByteQueue) {
    this.#attached = attached;
    this.#queue = queue;
    this.incoming = queue.incoming;
    this.ended = attached.ended.then((why) => {
      queue.end(new FileError('lost', FINAL[why] ?? 'the line is cut'));
      return FINAL[why];
    });
    // Whoever reads hears of it as well.
    this.ended.catch((error: unknown) => queue.end(error));
  }

  static async attach(context: Pick<CommandContext, 'api' | 'console'>, session: OpenSession): Promise<SessionStream> {
    const queue = new ByteQueue();
    const onMessage = (plain: Uint8Array) => queue.push(plain);
    // The first message proves our key and says nothing.
    return new SessionStream(await attachSession(context, session, { begin: new Uint8Array(), onMessage }), queue);
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
