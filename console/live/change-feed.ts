// The feed of changes to browsers: coalesced, numbered, written once for all who see the same, resumable.
import { type Scope, scopeKey, seesDevice } from '#console/access/scope.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import type { ToldChange } from '#shared/model/change.ts';
import { seenChange, seenOf } from './seen-changes.ts';
import { eventBytes, eventText, looseBytes, placeText, readPlace } from './sse.ts';
import { glancesOf, type LatestSource, metricsOf } from './told-values.ts';
import { type NewsChange, type Told, WaitingChanges } from './waiting-changes.ts';

/** 4 Hz: faster than people read, and one wake-up for many devices. */
const FLUSH_MS = 250;
/** News of a whole fleet that goes down and comes back, for browsers that return meanwhile. */
const RING_NEWS = 65_536;
/** Distinct subjects between two flushes: a whole fleet at once. Beyond, all that waits goes out early. */
const MAX_WAITING = 65_536;
/** The whole fleet as columns is smaller and faster than the glances of more devices than this. */
const MAX_RESUMED_GLANCES = 5_000;
/** Viewers at once; a console has tens of browsers, not thousands. */
const MAX_VIEWERS = 1_000;

/** One open feed. */
export interface Viewer {
  scope: Scope;
  /** Wants what lists show of every device. */
  isFleet: boolean;
  /** Wants all values of these. */
  watched: ReadonlySet<DeviceId>;
  /** Called at most twice in 250 ms, with whole events. It must not throw and must not wait. */
  onBytes: (bytes: Uint8Array) => void;
}

export interface Following {
  /** What comes first: what was missed since the viewer's last event, or the order to begin anew. */
  first: Uint8Array;
  stop: () => void;
}

export interface FeedDeps {
  /** Names this run of the console: lower-case letters and digits. */
  run: string;
  latest: LatestSource;
}

interface RingEntry {
  flush: number;
  change: NewsChange;
}

/** Viewers who are told the same. */
interface Audience {
  scope: Scope;
  isFleet: boolean;
  viewers: Set<Viewer>;
}

type Moved = ReadonlyMap<SiteId, ReadonlySet<DeviceId>>;

export class ChangeFeed {
  readonly #deps: FeedDeps;
  readonly #waiting = new WaitingChanges();
  readonly #ring: RingEntry[] = [];
  /** News up to this flush may be gone from the ring. */
  #forgotten = 0;
  #flush = 0;
  /** In which flush the newest values of a device last moved; bounded by who keeps the values. */
  readonly #movedIn = new Map<SiteId, Map<DeviceId, number>>();
  readonly #audiences = new Map<string, Audience>();
  readonly #viewers = new Set<Viewer>();

  constructor(deps: FeedDeps) {
    this.#deps = deps;
  }

  /** Tells all who may see it at the next flush; a newer change of the same subject replaces an older one. */
  publish(change: NewsChange): void {
    this.#waiting.add(change);
    if (this.#waiting.size >= MAX_WAITING) this.flush();
  }

  /** The newest values of these devices moved: they are read at the flush, and only when somebody looks. */
  publishMoved(site: SiteId, devices: Iterable<DeviceId>): void {
    this.#waiting.addMoved(site, devices);
  }

  /** Tells those who watch the device; who comes back later reads such things anew by themselves. */
  publishTold(change: ToldChange): void {
    if (this.#viewers.size > 0) this.#waiting.addTold(change);
  }

  /** Sends what waits. The loop calls it at 4 Hz. */
  flush(): void {
    if (this.#waiting.isEmpty) return;
    const { news, moved, told } = this.#waiting.take();
    this.#flush += 1;
    this.#remember(news, moved);
    if (this.#viewers.size === 0) return;
    // The same text for everybody who sees the change.
    const texts = news.map((change) => ({ change, text: eventText(change) }));
    for (const audience of this.#audiences.values()) this.#tell(audience, texts, { moved, told });
  }

  /** `lastId` is the last id a returning browser saw (Last-Event-ID). Undefined at the bound of viewers. */
  follow(viewer: Viewer, lastId: string | undefined): Following | undefined {
    if (this.#viewers.size >= MAX_VIEWERS) return undefined;
    const { scope, isFleet } = viewer;
    const key = `${scopeKey(scope)} ${isFleet}`;
    const audience = this.#audiences.get(key) ?? { scope, isFleet, viewers: new Set<Viewer>() };
    this.#audiences.set(key, audience);
    audience.viewers.add(viewer);
    this.#viewers.add(viewer);
    const stop = () => {
      this.#viewers.delete(viewer);
      audience.viewers.delete(viewer);
      if (audience.viewers.size === 0 && this.#audiences.get(key) === audience) this.#audiences.delete(key);
    };
    return { first: this.#missed(viewer, lastId), stop };
  }

  /** Says that the connection lives, and up to where everything was told. */
  heartbeat(): Uint8Array {
    return eventBytes([], this.#id);
  }

  /** Flushes at 4 Hz until the signal aborts. */
  async run(clock: Clock, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(FLUSH_MS, signal).catch(() => undefined); // only the signal rejects a sleep
      this.flush();
    }
  }

  stats(): { viewers: number; kept: number; flushes: number } {
    return { viewers: this.#viewers.size, kept: this.#ring.length, flushes: this.#flush };
  }

  get #id(): string {
    return placeText({ run: this.#deps.run, flush: this.#flush });
  }

  #remember(news: readonly NewsChange[], moved: Moved): void {
    for (const change of news) this.#ring.push({ flush: this.#flush, change });
    const gone = this.#ring.splice(0, Math.max(0, this.#ring.length - RING_NEWS));
    this.#forgotten = gone.at(-1)?.flush ?? this.#forgotten;
    for (const [site, devices] of moved) {
      const known = this.#movedIn.get(site) ?? new Map<DeviceId, number>();
      this.#movedIn.set(site, known);
      for (const device of devices) known.set(device, this.#flush);
    }
  }

  #tell(
    { scope, isFleet, viewers }: Audience,
    texts: ReadonlyArray<{ change: NewsChange; text: string }>,
    { moved, told }: { moved: Moved; told: Told },
  ) {
    const events = texts.flatMap(({ change, text }) => toldText(seenChange(scope, change), change, text));
    if (isFleet) events.push(...this.#glances(scope, moved));
    const shared = events.length === 0 ? undefined : eventBytes(events, this.#id);
    for (const viewer of viewers) {
      const own = viewer.watched.size === 0 ? [] : [...this.#watched(viewer, moved), ...toldTexts(viewer, told)];
      if (own.length > 0) viewer.onBytes(shared === undefined ? eventBytes(own, this.#id) : looseBytes(own));
      if (shared !== undefined) viewer.onBytes(shared);
    }
  }

  #glances(scope: Scope, moved: Iterable<readonly [SiteId, Iterable<DeviceId>]>): string[] {
    const seen = [...moved].map(([site, devices]) => [site, seenOf(scope, site, devices)] as const);
    const told = glancesOf(seen, this.#deps.latest);
    return told.device.length === 0 ? [] : [eventText(told)];
  }

  #watched({ scope, watched }: Viewer, moved: Moved): string[] {
    const events: string[] = [];
    for (const [site, devices] of moved) {
      for (const device of watched) {
        const told =
          devices.has(device) && seesDevice(scope, site, device)
            ? metricsOf(site, device, this.#deps.latest)
            : undefined;
        if (told !== undefined) events.push(eventText(told));
      }
    }
    return events;
  }

  #missed(viewer: Viewer, lastId: string | undefined): Uint8Array {
    if (lastId === undefined) return this.heartbeat();
    const anew = eventBytes([eventText({ kind: 'reset' })], this.#id);
    const place = readPlace(lastId);
    if (place === undefined || place.run !== this.#deps.run) return anew;
    if (place.flush > this.#flush || place.flush < this.#forgotten) return anew;
    const moved = this.#movedSince(place.flush);
    if (viewer.isFleet && sizeOf(moved) > MAX_RESUMED_GLANCES) return anew;
    const events = this.#ring.flatMap(({ flush, change }) =>
      flush > place.flush ? toldText(seenChange(viewer.scope, change), change) : [],
    );
    if (viewer.isFleet) events.push(...this.#glances(viewer.scope, moved));
    return eventBytes([...events, ...this.#watched(viewer, moved)], this.#id);
  }

  #movedSince(flush: number): Moved {
    const moved = new Map<SiteId, Set<DeviceId>>();
    for (const [site, devices] of this.#movedIn) {
      const since = new Set<DeviceId>();
      for (const [device, at] of devices) if (at > flush) since.add(device);
      if (since.size > 0) moved.set(site, since);
    }
    return moved;
  }
}

/** What came of the devices that a viewer watches and may see. */
const toldTexts = ({ scope, watched }: Viewer, told: Told): string[] =>
  [...watched].flatMap((device) =>
    [...(told.get(device)?.values() ?? [])]
      .filter(({ site }) => seesDevice(scope, site, device))
      .map((change) => eventText(change)),
  );

const sizeOf = (moved: Moved): number => [...moved.values()].reduce((sum, devices) => sum + devices.size, 0);

/** The text that is made already serves all who are told the whole of it. */
function toldText(seen: NewsChange | undefined, change: NewsChange, text?: string): string[] {
  if (seen === undefined) return [];
  return [seen === change && text !== undefined ? text : eventText(seen)];
}
