// The port to what is kept of past days: chunks of hours, totals of hours, and sums of sites, each file readable without any other.
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import type { Rollup } from '#shared/codec/rollup.ts';

/** A series as the dictionary of its day describes it: old files are read by what they say, not by today's catalogue. */
export interface StoredSeries {
  /** Of the catalogue ("cpu.user"), derived ("cpu.used_ratio") or a script's own. */
  name: string;
  /** "" for the device itself. */
  instance: string;
  unit: string;
  kind: 'gauge' | 'counter';
  /** A value is its stored number times this. */
  resolution: number;
}

/** Whole days since 1970-01-01 UTC. */
export type Day = number;

/**
 * Totals of one series, an hour a place, hours ascending. In stored numbers; of a counter `sum` + `rest` is what it rose by, `min` and
 * `max` its least and greatest rise a second from one poll to the next, and `count` the intervals that are known.
 */
export interface HourLine extends Rollup {
  hours: Uint32Array;
}

export interface DevicePlace {
  device: DeviceId;
  /** Where the device was when it said so. */
  site: SiteId;
}

/** What a relay's sealed hour holds: the console compares it with what the relay says. */
export interface Coverage {
  relay: RelayId;
  hour: number;
  devices: number;
  samples: number;
}

/** Valid within `DayStore.write` alone. Everything replaces what was there under the same key. */
export interface DayWriter {
  /** The series' number in this day's dictionary. Throws AppError('too-large') naming the day when it is full. */
  numberOf(series: StoredSeries): number;
  putRaw(place: DevicePlace, hour: number, data: DeviceHour): void;
  /** The same of a chunk that was opened and found good, in this day's numbers: kept as it came. */
  putChunk(place: DevicePlace, hour: number, chunk: Uint8Array): void;
  /** `totals` has a place for each of `series`. */
  putTotals(place: DevicePlace, hour: number, series: Uint32Array, totals: Rollup): void;
  /** Adds up all devices of the site in that hour anew, one line for each name of a series, instances together. */
  sumSite(site: SiteId, hour: number): void;
  cover(coverage: Coverage): void;
}

/** Reads throw AppError('frame-malformed') naming day, device and hour where the disk changed what was written; the rest stays readable. */
export interface DayReader {
  readonly day: Day;
  numberOf(name: string, instance: string): number | undefined;
  seriesOf(number: number): StoredSeries | undefined;
  /** The same as a function that stays the same for as long as the numbers mean the same: what is worked out of them is kept by it. */
  lookup(): (number: number) => StoredSeries | undefined;
  /** Numbers of all instances of a name. */
  instancesOf(name: string): number[];
  devices(): DevicePlace[];
  hasRaw(): boolean;
  rawHours(device: DeviceId): number[];
  /** `only`: of these series alone; one set for many hours is opened best. */
  raw(device: DeviceId, hour: number, only?: ReadonlySet<number>): DeviceHour | undefined;
  /** The chunk as it is kept; whoever sends it on opens it first. */
  chunk(device: DeviceId, hour: number): Uint8Array | undefined;
  /** The device's totals of all hours of the day, a line for each series number, or for `only` these. */
  totals(device: DeviceId, only?: ReadonlySet<number>): ReadonlyMap<number, HourLine>;
  /** Whether any are kept, as far as can be said without opening them. */
  hasTotals(device: DeviceId): boolean;
  /** One site's sum of a series' name. */
  site(site: SiteId, name: string): HourLine | undefined;
  /** The same of all sites of the day. */
  sites(name: string): ReadonlyMap<SiteId, HourLine>;
  coverage(): Coverage[];
}

/**
 * hours: what may still change of a day, chunks and totals together, in one file and so in one transaction. raw, days: chunks and totals
 * of a day that was closed; what `hours` says of it since then counts before them. archive: both, compressed.
 */
export type Tier = 'raw' | 'hours' | 'days' | 'archive';

export interface DayState {
  day: Day;
  tier: Tier;
  bytes: number;
}

/** One process writes; all calls are synchronous, for a worker or a relay that gives way between them. */
export interface DayStore {
  /** One transaction; on disk, fsynced, when it returns. Throws AppError('disk-full') and changes nothing where there is no room. */
  write<T>(day: Day, work: (writer: DayWriter) => T): T;
  /** Undefined when nothing is kept of the day. */
  read(day: Day): DayReader | undefined;
  states(): DayState[];
  /** Unlinks one tier of a day; what is not there is gone already. */
  drop(day: Day, tier: Tier): void;
  stop(): void;
}

/** Whose data goes: all that devices said, and all that was said from sites. */
export interface Forgotten {
  devices: ReadonlySet<DeviceId>;
  sites: ReadonlySet<SiteId>;
  /** Raw values alone, or totals too. */
  what: 'raw' | 'all';
}

/** What a check found: the file stays as it is, and what is not named here is sound. */
export interface DayFault {
  day: Day;
  tier: Tier;
  detail: string;
}

/**
 * Work on whole days, in slices: a generator yields after some 10 ms of work, so that a worker can answer others between two. It returns
 * false where the day was written to meanwhile, and has changed nothing then. Killed anywhere, it has changed nothing or is done again.
 */
export interface DayKeeper {
  /** What `hours` holds goes into `raw` and `days` (or `archive`, where the day is there already), and its file is gone. */
  rollUp(day: Day): Generator<void, boolean>;
  /** All of the day goes into one file of `archive`, which is read back before the others are gone. */
  archive(day: Day): Generator<void, boolean>;
  /** The sums of sites stay what they were where a device goes; those of forgotten sites go. */
  forget(day: Day, who: Forgotten): Generator<void, boolean>;
  /** Opens every part of every file of the day. */
  check(day: Day): Generator<void, DayFault[]>;
}
