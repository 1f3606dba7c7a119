// The feed of changes to browsers: coalesced, numbered, kept in a bounded ring for those who come back.
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import type { Change, ChangeEvent } from '#shared/model/change.ts';

/** 4 Hz: faster than people read, and one wake-up for many devices. */
const FLUSH_MS = 250;
/** A fleet of 25,000 devices polled every 10 s makes 2,500 changes a second: 13 s to come back without a reload. */
const RING_EVENTS = 32_768;
/** Distinct subjects between two flushes: a whole fleet at once. Beyond, all that waits goes out early. */
const MAX_WAITING = 65_536;
/** Costly changes are still made this long after the last listener left: 60 s at 4 Hz, for a page that reloads. */
const LINGER_FLUSHES = 240;
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

/** Changes of one subject replace each other while they wait. The site is part of it: a relay may name any device. */
function subjectOf(change: Change): string {
  switch (change.kind) {
    case 'device':
    case 'metrics':
      return `${change.kind} ${change.site} ${change.device}`;
    case 'relay':
      return `relay ${change.site} ${change.relay}`;
    case 'action':
      return `action ${change.site} ${change.action} ${change.device ?? ''}`;
    case 'estate':
      return `estate ${change.what} ${change.site ?? ''} ${change.devices?.join() ?? ''}`;
    case 'glances':
      return 'glances';
  }
}

export class ChangeFeed {
  readonly #ring: ChangeEvent[] = [];
  #lastId = 0;
  #waiting = new Map<string, Change | (() => Change | undefined)>();
  #flushesAlone = LINGER_FLUSHES;
  /** Changes were left out up to here: who saw less has to begin anew. */
  #blindUpTo = 0;
  readonly #listeners = new Set<Listener>();

  /** Tells all listeners at the next flush; a newer change of the same subject replaces an older one. */
  publish(change: Change): void {
    this.#wait(subjectOf(change), change);
  }

  /** The same for a device's newest values, which are costly: made at the flush, and only while somebody looks. */
  publishMetrics(site: SiteId, device: DeviceId, make: () => Change | undefined): void {
    this.#wait(`metrics ${site} ${device}`, make);
  }

  #wait(subject: string, change: Change | (() => Change | undefined)): void {
    // Deleting first moves the subject to the end: events keep the order of their last change.
    this.#waiting.delete(subject);
    this.#waiting.set(subject, change);
    if (this.#waiting.size >= MAX_WAITING) this.flush();
  }

  /** Sends what waits. The loop calls it at 4 Hz. */
  flush(): void {
    this.#flushesAlone = this.#listeners.size > 0 ? 0 : this.#flushesAlone + 1;
    if (this.#waiting.size === 0) return;
    const waiting = this.#waiting;
    this.#waiting = new Map();
    const events = this.#number([...waiting.values()]);
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

  #number(changes: ReadonlyArray<Change | (() => Change | undefined)>): ChangeEvent[] {
    const isWatched = this.#flushesAlone < LINGER_FLUSHES;
    const made = changes.flatMap((change) => {
      if (typeof change !== 'function') return [change];
      return isWatched ? (change() ?? []) : [];
    });
    const events = made.map((change) => {
      this.#lastId += 1;
      return { id: this.#lastId, change };
    });
    if (!isWatched && made.length < changes.length) {
      this.#lastId += 1;
      this.#blindUpTo = this.#lastId;
    }
    return events;
  }

  #missed(listener: Listener, afterId: number): readonly ChangeEvent[] | undefined {
    if (afterId === 0) return [];
    // Ids begin anew when the console restarts: an id from the future is from an earlier run.
    const oldest = this.#ring[0]?.id ?? this.#lastId + 1;
    if (afterId > this.#lastId || afterId < oldest - 1 || afterId < this.#blindUpTo) return undefined;
    return visibleTo(
      listener,
      this.#ring.filter((event) => event.id > afterId),
    );
  }
}

const visibleTo = (listener: Listener, events: readonly ChangeEvent[]) =>
  events.filter(({ change }) => !('site' in change) || change.site === undefined || listener.isVisible(change.site));
