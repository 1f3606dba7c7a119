// The port to the metrics worker, which alone owns the files of past days: it seals, rolls up, keeps, forgets and answers.
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
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
}

/** Chunks a relay made of its own: every one is decoded and bounded before it is kept. */
export interface RelayChunks {
  relay: RelayId;
  site: SiteId;
  /** What the numbers in these chunks stand for. */
  series: ReadonlyArray<{ number: number; metric: string; instance: string }>;
  chunks: ReadonlyArray<{ device: DeviceId; hour: number; data: Uint8Array }>;
}

/** Aligned buckets of `stepMs` from `from`: place i is [from + i * stepMs, from + (i + 1) * stepMs). NaN where nothing is known. */
export interface BucketLine {
  name: string;
  instance: string;
  unit: string;
  count: Float64Array;
  min: Float64Array;
  max: Float64Array;
  sum: Float64Array;
}

/** Of all below: who may see what is decided before, on the main thread. */
export interface SealedRange {
  device: DeviceId;
  /** Raw or derived names; undefined: all derived ones. */
  names: readonly string[] | undefined;
  from: number;
  to: number;
  stepMs: number;
}

/** Whose totals are added up: the sites' own sums, or those of named devices (a group, a selection). */
export type Over = { sites: readonly SiteId[] } | { devices: readonly DeviceId[] };

export interface SealedSum {
  over: Over;
  name: string;
  from: number;
  to: number;
  /** Whole hours. */
  stepMs: number;
}

export interface SealedTop {
  over: Over;
  name: string;
  from: number;
  to: number;
  by: 'avg' | 'max' | 'min' | 'last';
  limit: number;
}

export interface TopRow {
  device: DeviceId;
  instance: string;
  value: number;
  at: number;
}

export interface RangeSource {
  /** Hours of the span that are in no file here: another place (the relay) may still have them. */
  missing: Array<{ from: number; to: number }>;
  /** 'raw' values, or 'hours' totals. */
  resolution: 'raw' | 'hours';
}

export interface MetricEngine {
  /** On disk when it resolves. The same job again changes nothing. */
  seal(job: SealJob): Promise<Sealed>;
  keep(chunks: RelayChunks): Promise<Sealed>;
  range(ask: SealedRange, signal?: AbortSignal): Promise<{ lines: BucketLine[]; source: RangeSource }>;
  sum(ask: SealedSum, signal?: AbortSignal): Promise<{ line: BucketLine | undefined; source: RangeSource }>;
  top(ask: SealedTop, signal?: AbortSignal): Promise<TopRow[]>;
  /** The newest sealed polls of these devices: last values after a restart, for sites that are away. */
  lastPolls(devices: readonly DeviceId[]): Promise<PollRecord[]>;
  stop(): Promise<void>;
}
