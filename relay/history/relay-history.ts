// Seals the hours of this site from the hot cache into day files, in small pieces that no poll waits for, and keeps them within bounds.
import type { HotCache } from '#relay/cache/hot-cache.ts';
import { type Clock, HOUR_MS, hourOf } from '#shared/base/clock.ts';
import { AppError, describeError, type ErrorCode } from '#shared/base/errors.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { DayReader, DayStore, DayWriter } from '#shared/day-files/day-store.ts';
import { fitHour, knownIn } from '#shared/day-files/fit-hour.ts';
import { HourRows, numberingOf } from '#shared/day-files/hour-rows.ts';
import { joinHours } from '#shared/day-files/join-hours.ts';
import { storedSeries } from '#shared/day-files/stored-series.ts';
import type { Series } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { Logger } from '#shared/runtime/logger.ts';

/** After the end of the hour: polls of it are in, and the console's own sealing has not begun. */
const SETTLE_MS = 180_000;
/** After a late poll of a sealed hour: more of them come together. */
const LATE_MS = 60_000;
const LOOK_MS = 30_000;
/** Where the disk did not take it, the next try; an hour stays 24 h in the cache. */
const AGAIN_MS = 300_000;
/** A piece of work on the loop; then polls and the link have their turn. */
const PIECE_MS = 4;
/** Devices of one transaction: it waits for the disk, so not each alone, and so many are encoded in 2 ms. */
const DEVICES_AT_ONCE = 16;
/** Between two pieces: at most a third of a core while an hour is sealed, 500 devices in a second or two. */
const REST_MS = 10;
const DAY_HOURS = 24;

export interface HistoryBounds {
  days: number;
  bytes: number;
}

export interface RelayHistoryDeps {
  clock: Clock;
  log: Logger;
  store: DayStore;
  cache: Pick<HotCache, 'hours' | 'devicesIn' | 'range'>;
  place: { site: SiteId; relay: RelayId };
  bounds: HistoryBounds;
  /** Told when it begins, and again after it was well in between. */
  onTrouble: (code: ErrorCode, detail: string) => void;
}

export class RelayHistory {
  readonly #deps: RelayHistoryDeps;
  readonly #stopping = new AbortController();
  /** Hours with polls that may not be in a file, and when to look at them. By the monotonic clock. */
  readonly #due = new Map<number, number>();
  #running: Promise<void> | undefined;
  #isTroubled = false;
  #sealed = 0;

  constructor(deps: RelayHistoryDeps) {
    this.#deps = deps;
  }

  /** What the cache knows already (from the spool, after a restart) is sealed too: what is there changes nothing. */
  start(): void {
    if (this.#running !== undefined) return;
    for (const hour of this.#deps.cache.hours()) this.#due.set(hour, this.#deps.clock.monotonic());
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    this.#deps.store.stop();
  }

  /** A poll is in the cache. */
  note({ at }: PollRecord): void {
    const hour = hourOf(at);
    if (this.#due.has(hour)) return;
    this.#due.set(hour, this.#deps.clock.monotonic() + LATE_MS);
  }

  stats(): { days: number; bytes: number; sealedHours: number } {
    const states = this.#deps.store.states();
    const days = new Set(states.map(({ day }) => day)).size;
    return { days, bytes: states.reduce((sum, { bytes }) => sum + bytes, 0), sealedHours: this.#sealed };
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.sealDue();
      await this.#pause(LOOK_MS);
    }
  }

  /** All hours whose time has come, oldest first. Never rejects. */
  async sealDue(): Promise<void> {
    const { clock } = this.#deps;
    const now = clock.now();
    const ripe = [...this.#due]
      .filter(([hour, at]) => (hour + 1) * HOUR_MS + SETTLE_MS <= now && at <= clock.monotonic())
      .map(([hour]) => hour)
      .sort((a, b) => a - b);
    for (const hour of ripe) {
      if (this.#stopping.signal.aborted) return;
      // Forgotten first: what comes meanwhile makes it due again.
      this.#due.delete(hour);
      try {
        await this.#seal(hour);
        this.#bound();
        this.#isTroubled = false;
      } catch (error) {
        this.#due.set(hour, clock.monotonic() + AGAIN_MS);
        this.#trouble(error);
        return;
      }
    }
  }

  async #seal(hour: number): Promise<void> {
    const { cache, clock } = this.#deps;
    const devices = cache.devicesIn(hour);
    for (let next = 0; next < devices.length; ) {
      if (this.#stopping.signal.aborted) return void this.#due.set(hour, clock.monotonic());
      const begin = clock.monotonic();
      const some = new Map<DeviceId, PollRecord[]>();
      while (next < devices.length && some.size < DEVICES_AT_ONCE && clock.monotonic() - begin < PIECE_MS) {
        const device = devices[next];
        if (device !== undefined) some.set(device, cache.range(device, hour * HOUR_MS, (hour + 1) * HOUR_MS));
        next += 1;
      }
      this.#write(hour, some);
      await this.#pause(REST_MS);
    }
    this.#sealed += 1;
  }

  #write(hour: number, some: ReadonlyMap<DeviceId, PollRecord[]>): void {
    const { store, place } = this.#deps;
    const day = Math.floor(hour / DAY_HOURS);
    const kept = store.read(day);
    store.write(day, (writer) => {
      const former = kept?.coverage().find((one) => one.relay === place.relay && one.hour === hour);
      let { devices, samples } = former ?? { devices: 0, samples: 0 };
      for (const [device, polls] of some) {
        const added = this.#put(writer, kept, { device, hour, polls });
        devices += added.isNew ? 1 : 0;
        samples += added.samples;
      }
      if (devices !== former?.devices || samples !== former.samples)
        writer.cover({ relay: place.relay, hour, devices, samples });
    });
  }

  #put(
    writer: DayWriter,
    kept: DayReader | undefined,
    { device, hour, polls }: { device: DeviceId; hour: number; polls: PollRecord[] },
  ): { isNew: boolean; samples: number } {
    if (polls.length === 0) return { isNew: false, samples: 0 };
    const rows = new HourRows();
    for (const poll of polls) rows.add(poll);
    const numberOf = (one: Series) => writer.numberOf(storedSeries(one));
    const said = fitHour(rows.hour((series) => numberingOf(series, numberOf)));
    const former = this.#former(kept, device, hour);
    const merged = former === undefined ? said : fitHour(joinHours([said, former]) ?? former);
    const before = former === undefined ? 0 : knownIn(former);
    const samples = knownIn(merged) - before;
    const isNew = former === undefined;
    if (isNew || samples > 0 || merged.times.length !== former.times.length)
      writer.putRaw({ device, site: this.#deps.place.site }, hour, merged);
    return { isNew, samples };
  }

  /** What the disk changed is sealed anew from the cache. */
  #former(kept: DayReader | undefined, device: DeviceId, hour: number) {
    try {
      return kept?.raw(device, hour);
    } catch (error) {
      this.#deps.log.warn(describeError(error), 'a sealed hour is damaged and is written again');
      return undefined;
    }
  }

  /** Over a bound the oldest day goes; the newest stays, whatever it takes. */
  #bound(): void {
    const { store, bounds, clock, log } = this.#deps;
    const states = store.states();
    const days = [...new Set(states.map(({ day }) => day))].sort((a, b) => a - b);
    const today = Math.floor(hourOf(clock.now()) / DAY_HOURS);
    let bytes = states.reduce((sum, one) => sum + one.bytes, 0);
    for (const day of days.slice(0, -1)) {
      if (day > today - bounds.days && bytes <= bounds.bytes) return;
      for (const state of states.filter((one) => one.day === day)) {
        store.drop(day, state.tier);
        bytes -= state.bytes;
      }
      log.debug({ day, bytes }, 'the oldest day of the history was dropped');
    }
  }

  #trouble(error: unknown): void {
    const { code, message } = describeError(error);
    this.#deps.log.error(
      { code, message },
      'an hour could not be sealed into the history; the next try is in five minutes',
    );
    if (this.#isTroubled) return;
    this.#isTroubled = true;
    this.#deps.onTrouble(error instanceof AppError ? code : 'internal', `history: ${message}`);
  }

  async #pause(ms: number): Promise<void> {
    await this.#deps.clock.sleep(ms, this.#stopping.signal).catch(() => undefined); // stopping
  }
}
