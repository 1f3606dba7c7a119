// The feed of live changes as one viewer reads it: bounded, resumable, and over when the viewer's session is.
import { withEventMeta } from '@orpc/server';
import type { ChangeFeed } from '#console/live/change-feed.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { Change, ChangeEvent } from '#shared/model/change.ts';

/** A viewer that reads slower than the fleet changes is cut here; it comes back with its last id, or reads everything anew. */
const MAX_QUEUED = 20_000;
/** A viewer who signed out or whose session ended sees nothing new after this. */
const RECHECK_MS = 30_000;

export interface Viewer {
  /** The newest id it saw; 0 for one that has just read the lists: it begins with what comes next. */
  afterId: number;
  signal: AbortSignal | undefined;
  isStillSignedIn: () => Promise<boolean>;
}

type Told = Change | { kind: 'reset' };

export async function* followChanges(
  { feed, clock }: { feed: ChangeFeed; clock: Clock },
  { afterId, signal, isStillSignedIn }: Viewer,
): AsyncGenerator<Told, void, undefined> {
  const queue = new EventQueue();
  const subscription = feed.subscribe(
    { isVisible: () => true, onEvents: (events) => queue.push(events) },
    Number.isSafeInteger(afterId) ? afterId : 0,
  );
  if (subscription === undefined) throw new AppError('rate-limited', 'too many viewers follow the live changes');
  signal?.addEventListener('abort', () => queue.close(), { once: true });
  // A viewer that left before we listened would be waited for for ever.
  if (signal?.aborted === true) queue.close();
  let checkedAt = clock.monotonic();
  try {
    const { missed, lastId } = subscription;
    // More than the queue holds would cut the viewer at once, and again each time it comes back.
    if (missed === undefined || missed.length > MAX_QUEUED)
      yield withEventMeta({ kind: 'reset' as const }, { id: String(lastId) });
    else queue.push(missed);
    for await (const events of queue) {
      if (clock.monotonic() - checkedAt >= RECHECK_MS) {
        if (!(await isStillSignedIn())) return;
        checkedAt = clock.monotonic();
      }
      for (const { id, change } of events) yield withEventMeta(change, { id: String(id) });
    }
  } finally {
    subscription.stop();
  }
}

class EventQueue implements AsyncIterable<readonly ChangeEvent[]> {
  #events: ChangeEvent[] = [];
  #isClosed = false;
  #wake: (() => void) | undefined;

  push(events: readonly ChangeEvent[]): void {
    this.#events.push(...events);
    if (this.#events.length > MAX_QUEUED) this.#isClosed = true;
    this.#wake?.();
  }

  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly ChangeEvent[]> {
    while (!this.#isClosed) {
      if (this.#events.length > 0) {
        const events = this.#events;
        this.#events = [];
        yield events;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
