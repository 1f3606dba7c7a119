// The feed of live changes as one viewer reads it: bounded in bytes, with a pulse, and over when the viewer's session is.
import type { ChangeFeed, Viewer } from '#console/live/change-feed.ts';
import { eventText, looseBytes } from '#console/live/sse.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';

/** A large fleet tells 0.1 MB a second: 20 s of it. A viewer that reads slower is cut, and comes back with its last id. */
const MAX_QUEUED_BYTES = 2 * 1024 * 1024;
/** A browser takes a connection as lost after 40 s of silence; proxies commonly cut after 60. */
const HEARTBEAT_MS = 15_000;
/** Whoever is told at once that rights changed asks at once; this is for what ends by time, or at another console. */
const BEATS_PER_CHECK = 1;

/** Without an id: whoever comes back says its last one, and is told what it may see. */
const RESET = looseBytes([eventText({ kind: 'reset' })]);

export interface FeedRequest extends Pick<Viewer, 'scope' | 'isFleet' | 'watched'> {
  /** The newest id it saw; undefined for one that reads the lists after this. */
  lastId: string | undefined;
  /** Whether the viewer may still see what it saw when it began. */
  isAsBefore: () => Promise<boolean>;
  /** Calls back when the right to it ends, at that moment. */
  onRevoked: (end: () => void) => () => void;
  /** Calls when the viewer's rights or session may be others; returns how to stop listening. */
  onRightsChanged: (listener: () => void) => () => void;
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
  // Of news that come while one is looked at, one more look is enough.
  const wake = new Wake();
  over.signal.addEventListener('abort', request.onRightsChanged(wake.call), { once: true });
  void beat({ feed, clock, queue, wake, isAsBefore: request.isAsBefore }, over);
  return queue.stream;
}

interface Beat {
  feed: ChangeFeed;
  clock: Clock;
  queue: ByteQueue;
  wake: Wake;
  isAsBefore: () => Promise<boolean>;
}

async function beat({ feed, clock, queue, wake, isAsBefore }: Beat, over: AbortController): Promise<void> {
  for (let count = 1; !over.signal.aborted; count += 1) {
    const isWoken = await wake.sleep(clock, HEARTBEAT_MS, over.signal);
    if (over.signal.aborted) return;
    const isDue = isWoken || count % BEATS_PER_CHECK === 0;
    // A store that does not answer says nothing about the session at a beat; once something changed it must answer.
    const isOver = isDue && !(await isAsBefore().catch(() => !isWoken));
    if (isOver) {
      over.abort();
      // It begins anew: what it may see now is read again, if there is anything.
      queue.push(RESET);
      queue.close();
    } else queue.push(feed.heartbeat());
  }
}

/** A sleep that a call ends early. A call while nobody sleeps ends the next sleep at once. */
class Wake {
  #waker: AbortController | undefined;
  #isCalled = false;

  readonly call = (): void => {
    this.#isCalled = true;
    this.#waker?.abort();
  };

  /** True when it was called. */
  async sleep(clock: Clock, ms: number, over: AbortSignal): Promise<boolean> {
    this.#waker = new AbortController();
    const signal = AbortSignal.any([over, this.#waker.signal]);
    // Only the signal rejects a sleep.
    if (!this.#isCalled) await clock.sleep(ms, signal).catch(() => undefined);
    this.#waker = undefined;
    const isCalled = this.#isCalled;
    this.#isCalled = false;
    return isCalled;
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
