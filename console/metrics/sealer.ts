// Decides which hours are due, hands their frames to the metrics worker, and lets go of them once their chunks are on disk.
import { hourOf } from '#shared/base/clock.ts';
import { AppError, describeError, type ErrorCode } from '#shared/base/errors.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import { MOST_DAYS } from '#shared/model/retention.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { ChainTail, ChunkStore } from './chunk-store.ts';
import { BREATH_MS, FrameRelease, type FrameReleaseDeps } from './frame-release.ts';
import { JournalParts } from './journal-parts.ts';
import { relaysWithFrames, setAside, siteOf } from './journal-repository.ts';
import type { ChainFrames, Sealed } from './metric-engine.ts';
import { Arrivals, dueAt, lastHourDue } from './seal-plan.ts';

/** How soon an hour that is due is seen. Looking costs two steps down an index for each relay. */
const LOOK_MS = 5_000;
/** A job that failed is tried again after this long, doubled each time: a full disk is soon seen to have room, a poisoned hour costs little. */
const RETRY = { firstMs: 10_000, capMs: 1_800_000 };
/** Longer than any retention: a frame of 1970 would make a file of its day for one night. */
const OLDEST_HOURS = MOST_DAYS * 24;
/** Relays that are asked at a time: a slow line must not hold up the others. Frames are sealed here for one after the other. */
const AT_ONCE = 4;

export interface SealedPart {
  site: SiteId;
  hour: number;
  isFirst: boolean;
  isLast: boolean;
  /** The site's own devices, with the first part. */
  devices?: readonly DeviceId[];
}

export interface SealerDeps extends FrameReleaseDeps {
  chunks: ChunkStore;
  log: Logger;
  /** On disk when the last part resolves, which alone gives an answer. */
  seal: (part: SealedPart, chains: readonly ChainFrames[]) => Promise<Sealed | undefined>;
  /**
   * The hour as its relay has sealed it, on disk when it resolves, and no less than what these frames hold; undefined where the
   * relay cannot give that, and the frames are sealed here. Never rejects but when the signal aborts.
   */
  fromRelay?: (place: SealPlace, tails: readonly ChainTail[], signal: AbortSignal) => Promise<Sealed | undefined>;
  /** A relay may name any device, and is believed about these alone; absent: about all. */
  devicesOf?: (site: SiteId) => Promise<DeviceId[]>;
  /** Sealing fails, or goes on again (undefined): people should hear of it. */
  onTrouble?: (trouble: { code: ErrorCode; message: string } | undefined) => void;
  /** The hour is on disk and its frames still are in the journal: who is told may fail, and is told again then. */
  onSealed?: (place: { site: SiteId; hour: number }) => Promise<void>;
  /** True while live work waits: sealing stands back. */
  isBusy?: () => boolean;
}

export interface SealPlace {
  relay: RelayId;
  site: SiteId;
  hour: number;
}

interface Failure {
  count: number;
  /** By the monotonic clock. */
  again: number;
}

interface Look {
  /** The first hour that may be next. */
  from: number;
  /** By the monotonic clock. */
  lookedAt: number;
}

export class Sealer {
  readonly #deps: SealerDeps;
  readonly #arrivals = new Arrivals();
  readonly #release: FrameRelease;
  readonly #failures = new Map<string, Failure>();
  readonly #stats = { hours: 0, ofRelays: 0, samples: 0, undecodable: 0, failures: 0 };
  #isTroubled = false;
  #lastPost: Promise<unknown> = Promise.resolve();

  constructor(deps: SealerDeps) {
    this.#deps = deps;
    this.#release = new FrameRelease(deps);
  }

  /** Frames of an hour were stored. */
  arrived(relay: RelayId, hour: number): void {
    this.#arrivals.note(relay, hour, this.#deps.clock.monotonic());
  }

  /** `ofRelays`: hours that their relays had sealed. */
  stats(): { hours: number; ofRelays: number; samples: number; undecodable: number; failures: number } {
    return { ...this.#stats };
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.sealDue(signal);
        await this.#deps.clock.sleep(LOOK_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        // The database: it is asked again at the next look.
        this.#deps.log.error(describeError(error), 'the hours that are due could not be read');
        await this.#deps.clock.sleep(LOOK_MS, signal).catch(() => undefined); // stopping
      }
    }
  }

  /**
   * Seals what is due, the oldest hour of each relay first, until nothing is. What is quiet is decided by the moment of the look: an hour
   * of a backlog that became quiet meanwhile would be sealed before the one in front of it, and its totals made twice.
   */
  async sealDue(signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#deps;
    const lookedAt = clock.monotonic();
    let from = new Map<RelayId, number>((await relaysWithFrames(store.db)).map((relay) => [relay, 0]));
    while (from.size > 0) {
      const next = new Map<RelayId, number>();
      const waiting = [...from];
      const some = async () => {
        for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
          signal.throwIfAborted();
          const [relay, hour] = one;
          const sealed = await this.#sealNext(relay, { from: hour, lookedAt }, signal);
          if (sealed !== undefined) next.set(relay, sealed + 1);
        }
      };
      // All have ended before any failure is told: nobody goes on while the next look begins.
      const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, some));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
      from = next;
    }
  }

  /** The relay's first hour from `from` on that was due; undefined when none is left. */
  async #sealNext(relay: RelayId, { from, lookedAt }: Look, signal: AbortSignal): Promise<number | undefined> {
    const { store, chunks, clock, log } = this.#deps;
    const { db } = store;
    const hour = await chunks.oldestHour(db, relay, from);
    if (hour === undefined || hour > lastHourDue(clock.now())) return undefined;
    const site = await siteOf(db, relay, hour);
    const isWaiting = (this.#failures.get(`${relay} ${hour}`)?.again ?? 0) > clock.monotonic();
    if (site === undefined || dueAt(site, hour) > clock.now() || isWaiting) return hour;
    if (!this.#arrivals.isQuiet(relay, hour, lookedAt)) return hour;
    const tails = await chunks.tails(db, relay, hour, hour);
    if (hour < hourOf(clock.now()) - OLDEST_HOURS) {
      log.warn({ relay, hour }, 'frames of an hour before all that is kept are let go of');
      for (const tail of tails) await this.#release.run(tail, signal);
      this.#failures.delete(`${relay} ${hour}`);
      return hour;
    }
    const isSealed = tails.every((tail) => this.#release.isHeld(tail));
    if (!isSealed) {
      await this.#standBack(signal);
      await this.#sealHour({ relay, hour, site }, tails, signal);
    } else for (const tail of tails) await this.#release.run(tail, signal);
    return hour;
  }

  /** Live frames and pages first, but not for ever. */
  async #standBack(signal: AbortSignal): Promise<void> {
    const { clock, isBusy } = this.#deps;
    await clock.sleep(BREATH_MS, signal);
    for (let i = 0; i < 50 && isBusy?.() === true; i += 1) await clock.sleep(BREATH_MS, signal);
  }

  async #sealHour({ relay, hour, site }: SealPlace, tails: readonly ChainTail[], signal: AbortSignal): Promise<void> {
    const key = `${relay} ${hour}`;
    const { log, clock } = this.#deps;
    try {
      const sealed = await this.#take({ relay, hour, site }, tails, signal);
      await this.#deps.onSealed?.({ site, hour });
      this.#stats.hours += 1;
      this.#stats.samples += sealed.samples;
      this.#stats.undecodable += sealed.undecodable;
      if (sealed.undecodable > 0) log.warn({ relay, hour, ...sealed }, 'stored frames do not decode');
      if (sealed.foreign !== undefined)
        log.warn(
          { relay, site, hour, values: sealed.foreign },
          'values of devices that are not of the site are not kept',
        );
      for (const tail of tails) await this.#release.run(tail, signal);
      this.#failures.delete(key);
      this.#arrivals.forget(relay, hour);
      // Another hour that cannot be sealed is trouble still.
      if (this.#failures.size === 0) this.#tell(undefined);
    } catch (error) {
      if (signal.aborted) throw error;
      const count = (this.#failures.get(key)?.count ?? 0) + 1;
      const waitMs = Math.min(RETRY.capMs, RETRY.firstMs * 2 ** Math.min(count - 1, 10));
      this.#failures.set(key, { count, again: clock.monotonic() + waitMs });
      this.#stats.failures += 1;
      log.error(
        { relay, hour, ...describeError(error), againInMs: waitMs },
        'an hour could not be sealed; its frames stay',
      );
      this.#tell(describeError(error));
    }
  }

  async #take(place: SealPlace, tails: readonly ChainTail[], signal: AbortSignal): Promise<Sealed> {
    const given = await this.#deps.fromRelay?.(place, tails, signal);
    if (given !== undefined) {
      this.#stats.ofRelays += 1;
      return given;
    }
    // The worker takes the parts of one hour at a time.
    const post = this.#lastPost.then(() => this.#post(place, tails, signal));
    this.#lastPost = post.catch(() => undefined); // told to who asked
    return await post;
  }

  /** All frames of the hour, part by part; the next part is read while the worker has one. */
  async #post(
    { site, hour }: Pick<SealPlace, 'site' | 'hour'>,
    tails: readonly ChainTail[],
    signal: AbortSignal,
  ): Promise<Sealed> {
    const { store, chunks, seal, devicesOf } = this.#deps;
    const parts = new JournalParts(chunks, store.db, tails);
    let isFirst = true;
    let part = await parts.next();
    const devices = await devicesOf?.(site);
    for (;;) {
      signal.throwIfAborted();
      const place = { site, hour, isFirst, isLast: parts.isOver };
      const [sealed, next] = await Promise.all([
        seal(isFirst && devices !== undefined ? { ...place, devices } : place, part),
        parts.next(),
      ]);
      if (sealed !== undefined) {
        const spoiled = sealed.spoiled ?? [];
        await this.#setAside(parts.placesOf(spoiled));
        // Those that were not named are named when the hour is sealed again: none is let go of before it is set aside.
        if (sealed.undecodable > spoiled.length)
          throw new AppError(
            'frame-malformed',
            `site ${site}: ${sealed.undecodable} frames of hour ${hour} do not decode`,
          );
        return sealed;
      }
      isFirst = false;
      part = next;
    }
  }

  /** Nothing of the journal goes unread: frames that do not decode are kept in quarantine. */
  async #setAside(spoiled: ReturnType<JournalParts['placesOf']>): Promise<void> {
    const { store, clock } = this.#deps;
    for (const { tail, seq } of spoiled) await store.transaction((tx) => setAside(tx, tail, seq, clock.now()));
  }

  #tell(trouble: { code: ErrorCode; message: string } | undefined): void {
    if (trouble === undefined && !this.#isTroubled) return;
    if (trouble !== undefined && this.#isTroubled) return;
    this.#isTroubled = trouble !== undefined;
    this.#deps.onTrouble?.(trouble);
  }
}
