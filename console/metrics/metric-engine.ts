// The port to the metrics worker, which alone owns the files of past days: it seals, rolls up, keeps, forgets and answers.
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import type { StoredSeries } from '#shared/day-files/day-store.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { Lane } from '#shared/protocol/lane.ts';

/** Stored frames of one lane of a spool, all of one hour, in order. */
export interface ChainFrames {
  relay: RelayId;
  epoch: string;
  lane: Lane;
  frames: Uint8Array[];
}

/** What has been received of a site and hour and is not sealed yet. */
export interface SealJob {
  site: SiteId;
  hour: number;
  chains: ChainFrames[];
}

export interface Sealed {
  devices: number;
  /** Values that were not there before. */
  samples: number;
  /** Frames that do not decode in their place, such as one stored twice. */
  undecodable: number;
  /** Values of devices that are not of the site: a relay may name any device, and these are passed over. */
  foreign?: number;
  /** Which of the undecodable frames, by the order in which they came; the first thousand. */
  spoiled?: number[];
}

/** Chunks a relay made of its own: every one is decoded and bounded before it is kept. */
export interface RelayChunks {
  relay: RelayId;
  site: SiteId;
  /** What the numbers in these chunks stand for. */
  series: ReadonlyArray<{ number: number; metric: string; instance: string }>;
  chunks: ReadonlyArray<{ device: DeviceId; hour: number; data: Uint8Array }>;
}

/**
 * Aligned buckets of `stepMs` from `from`: place i is [from + i * stepMs, from + (i + 1) * stepMs). NaN where nothing is known, and a
 * count of 0. `sum` + `rest` times `resolution` is what all values came to, of a rate what its counter rose by; divided by
 * `weight` it is the average: the number of values, or of a rate the seconds in which it is known.
 */
export interface BucketLine {
  name: string;
  instance: string;
  unit: string;
  resolution: number;
  count: Float64Array;
  weight: Float64Array;
  min: Float64Array;
  max: Float64Array;
  sum: Float64Array;
  rest: Float64Array;
}

/** Every value as it is; NaN is unknown. */
export interface PointLine {
  name: string;
  instance: string;
  unit: string;
  at: Float64Array;
  values: Float64Array;
}

/** Rows of one device's hour that need no dictionary: `data.series` are the places of `series`. */
export interface NamedHour {
  hour: number;
  data: DeviceHour;
  series: StoredSeries[];
}

/** Of all below: who may see what is decided before, on the main thread. */
export interface SealedRange {
  device: DeviceId;
  /** Whose word counts for the device: hours that these have sealed and that hold nothing of it are known to be silent. */
  relays: readonly RelayId[];
  /** Raw or derived names; undefined: all derived ones. */
  names: readonly string[] | undefined;
  from: number;
  to: number;
  /** 0: every value as it is. A whole hour or more: totals. */
  stepMs: number;
  /** Hours whose rows are handed out as they are, because more of them may lie elsewhere. */
  apart: readonly number[];
}

export interface SealedLines {
  /** 'hours' where no finer rows are kept of a part of the span, whatever was asked. */
  resolution: 'raw' | 'hours';
  /** Of the buckets; 0 where `points` are told. */
  from: number;
  stepMs: number;
  lines: BucketLine[];
  points: PointLine[];
  apart: NamedHour[];
  /** The last row before each hour that stands apart: rates of its first row go on from there. */
  leads: NamedHour[];
  /** Hours that are in no file here: another place (the relay) may still have them. */
  missing: number[];
}

/** Whose totals are added up: the sites' own sums, and those of named devices (a group, a part of a site). */
export interface Over {
  sites: readonly SiteId[];
  devices: readonly DeviceId[];
}

/** Whole hours: `from` and `to` are those of the first and of the one after the last. */
export interface SealedSum extends Over {
  name: string;
  from: number;
  to: number;
  /** Hours of sites whose frames have come and may not be sealed yet. */
  open: readonly SiteHour[];
}

export interface SiteHour {
  site: SiteId;
  hour: number;
}

/** One bucket for the whole span. */
export interface SealedPart {
  device: DeviceId;
  line: BucketLine;
}

export interface MetricEngine {
  /** On disk when it resolves. The same job again changes nothing. */
  seal(job: SealJob): Promise<Sealed>;
  keep(chunks: RelayChunks): Promise<Sealed>;
  range(ask: SealedRange, signal?: AbortSignal): Promise<SealedLines>;
  /** A bucket for each hour; no line where nothing is kept. `unsealed`: those of the open hours of which nothing is kept yet. */
  sum(ask: SealedSum, signal?: AbortSignal): Promise<{ line: BucketLine | undefined; unsealed: SiteHour[] }>;
  /** Each device and instance by itself, over the whole span. */
  compare(ask: Omit<SealedSum, 'sites'>, signal?: AbortSignal): Promise<{ parts: SealedPart[]; unsealed: SiteHour[] }>;
  /** The newest sealed polls of these devices: last values after a restart, for sites that are away. */
  lastPolls(ask: { devices: readonly DeviceId[]; today: number }, signal?: AbortSignal): Promise<PollRecord[]>;
  stop(): Promise<void>;
}
