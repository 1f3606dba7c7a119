// The feed of changes to browsers: coalesced, numbered, kept in a bounded ring for those who come back.
import type { Clock } from '#shared/base/clock.ts';
import type { SiteId } from '#shared/base/id.ts';
import type { Change, ChangeEvent } from '#shared/model/change.ts';

/** 4 Hz: faster than people read, and one wake-up for many devices. */
const FLUSH_MS = 250;
/** A fleet of 25,000 devices polled every 10 s makes 2,500 changes a second: 13 s to come back without a reload. */
const RING_EVENTS = 32_768;
/** Distinct subjects between two flushes: a whole fleet at once. Beyond, all that waits goes out early. */
const MAX_WAITING = 65_536;
/** Listeners at once; a console has tens of browsers, not thousands. */
const MAX_LISTENERS = 1_000;

export interface Listener {
  /** Which sites the viewer may see. */
  isVisible: (site: SiteId) => boolean;
  /** Called at most every 250 ms with new events, oldest first. It must not throw and must not wait. */
  onEvents: (events: readonly ChangeEvent[]) => void;
}

export interface Subscription {
  /** The newest id at the moment of subscribing. */
  lastId: number;
  /** What was missed since `afterId`; undefined when the ring no longer reaches back: fetch everything anew. */
  missed: readonly ChangeEvent[] | undefined;
  stop: () => void;
}

/** Changes of one subject replace each other while they wait. */
function subjectOf(change: Change): string {
  switch (change.kind) {
    case 'device':
    case 'metrics':
      return `${change.kind} ${change.device}`;
    case 'relay':
      return `relay ${change.relay}`;
    case 'action':
      return `action ${change.action} ${change.device ?? ''}`;
  }
}

export class ChangeFeed {
  readonly #ring: ChangeEvent[] = [];
  #lastId = 0;
  #waiting = new Map<string, Change>();
  readonly #listeners = new Set<Listener>();

  /** Tells all listeners at the next flush; a newer change of the same subject replaces an older one. */
  publish(change: Change): void {
    const subject = subjectOf(change);
    // Deleting first moves the subject to the end: events keep the order of their last change.
    this.#waiting.delete(subject);
    this.#waiting.set(subject, change);
    if (this.#waiting.size >= MAX_WAITING) this.flush();
  }

  /** Sends what waits. The loop calls it at 4 Hz. */
  flush(): void {
    if (this.#waiting.size === 0) return;
    const events = [...this.#waiting.values()].map((change) => {
      this.#lastId += 1;
      return { id: this.#lastId, change };
    });
    this.#waiting = new Map();
    for (const event of events) this.#ring.push(event);
    if (this.#ring.length > RING_EVENTS) this.#ring.splice(0, this.#ring.length - RING_EVENTS);
    for (const listener of this.#listeners) {
      const visible = visibleTo(listener, events);
      if (visible.length > 0) listener.onEvents(visible);
    }
  }

  /** `afterId` is the last id a returning browser saw (Last-Event-ID); 0 for a new one. Undefined at the bound of listeners. */
  subscribe(listener: Listener, afterId: number): Subscription | undefined {
    if (this.#listeners.size >= MAX_LISTENERS) return undefined;
    this.#listeners.add(listener);
    return {
      lastId: this.#lastId,
      missed: this.#missed(listener, afterId),
      stop: () => this.#listeners.delete(listener),
    };
  }

  /** Flushes at 4 Hz until the signal aborts. */
  async run(clock: Clock, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(FLUSH_MS, signal).catch(() => undefined); // only the signal rejects a sleep
      this.flush();
    }
  }

  stats(): { listeners: number; kept: number; lastId: number } {
    return { listeners: this.#listeners.size, kept: this.#ring.length, lastId: this.#lastId };
  }

  #missed(listener: Listener, afterId: number): readonly ChangeEvent[] | undefined {
    if (afterId === 0) return [];
    // Ids begin anew when the console restarts: an id from the future is from an earlier run.
    const oldest = this.#ring[0]?.id ?? this.#lastId + 1;
    if (afterId > this.#lastId || afterId < oldest - 1) return undefined;
    return visibleTo(listener, this.#ring.slice(afterId - oldest + 1));
  }
}

const visibleTo = (listener: Listener, events: readonly ChangeEvent[]) =>
  events.filter(({ change }) => listener.isVisible(change.site));
