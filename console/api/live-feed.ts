// The feed of live changes as one viewer reads it: bounded in bytes, with a pulse, and over when the viewer's session is.
import type { ChangeFeed, Viewer } from '#console/live/change-feed.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';

/** A large fleet tells 0.1 MB a second: 20 s of it. A viewer that reads slower is cut, and comes back with its last id. */
const MAX_QUEUED_BYTES = 2 * 1024 * 1024;
/** A browser takes a connection as lost after 40 s of silence; proxies commonly cut after 60. */
const HEARTBEAT_MS = 15_000;
/** A viewer who is signed out is told at once; this finds sessions that ran out. */
const BEATS_PER_CHECK = 2;

export interface FeedRequest extends Pick<Viewer, 'scope' | 'isFleet' | 'watched'> {
  /** The newest id it saw; undefined for one that reads the lists after this. */
  lastId: string | undefined;
  isStillSignedIn: () => Promise<boolean>;
  /** Calls back when the right to it ends, at that moment. */
  onRevoked: (end: () => void) => () => void;
  /** Breaks the connection of a viewer that does not read: what waits for it would be kept for as long as it stays. */
  cut: () => void;
}

/** Throws `rate-limited` at the bound of viewers. */
export function openFeed(
  { feed, clock }: { feed: ChangeFeed; clock: Clock },
  request: FeedRequest,
): ReadableStream<Uint8Array> {
  const over = new AbortController();
  const queue = new ByteQueue({
    onLeft: () => over.abort(),
    onFull: () => {
      over.abort();
      request.cut();
    },
  });
  const { scope, isFleet, watched, lastId } = request;
  const viewer = { scope, isFleet, watched, onBytes: (bytes: Uint8Array) => queue.push(bytes) };
  const following = feed.follow(viewer, lastId);
  if (following === undefined) throw new AppError('rate-limited', 'too many viewers follow the live changes');
  over.signal.addEventListener('abort', following.stop, { once: true });
  const forget = request.onRevoked(() => {
    over.abort();
    queue.close();
  });
  over.signal.addEventListener('abort', forget, { once: true });
  queue.push(following.first);
  void beat({ feed, clock, queue, isStillSignedIn: request.isStillSignedIn }, over);
  return queue.stream;
}

interface Beat {
  feed: ChangeFeed;
  clock: Clock;
  queue: ByteQueue;
  isStillSignedIn: () => Promise<boolean>;
}

async function beat({ feed, clock, queue, isStillSignedIn }: Beat, over: AbortController): Promise<void> {
  for (let count = 1; !over.signal.aborted; count += 1) {
    await clock.sleep(HEARTBEAT_MS, over.signal).catch(() => undefined); // only the signal rejects a sleep
    if (over.signal.aborted) return;
    // A store that does not answer says nothing about the session: the next check will.
    const isOver = count % BEATS_PER_CHECK === 0 && !(await isStillSignedIn().catch(() => true));
    if (isOver) {
      over.abort();
      queue.close();
    } else queue.push(feed.heartbeat());
  }
}

/** What waits for one viewer. */
class ByteQueue {
  readonly stream: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly #onFull: () => void;

  constructor({ onLeft, onFull }: { onLeft: () => void; onFull: () => void }) {
    this.#onFull = onFull;
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => {
          this.#controller = undefined;
          onLeft();
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MAX_QUEUED_BYTES }),
    );
  }

  push(bytes: Uint8Array): void {
    if (this.#controller === undefined) return;
    this.#controller.enqueue(bytes);
    if ((this.#controller.desiredSize ?? 0) >= 0) return;
    this.#controller = undefined;
    this.#onFull();
  }

  close(): void {
    this.#controller?.close();
    this.#controller = undefined;
  }
}
