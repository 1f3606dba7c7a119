// What reaches a judge: a poll's numbers, a device's state, a fact, an event, or only that time went by.
import type { EpochMs } from '#shared/base/clock.ts';
import type { EventRecord } from '#shared/model/record.ts';
import type { FactNews } from './fact-news.ts';
import type { SeriesValues } from './series-values.ts';

export type News =
  | { type: 'values'; at: EpochMs; values: SeriesValues }
  /** `up`, `down`, `away`, `identity-changed`: what the relay holds of the device. `said`: why. */
  | { type: 'status'; at: EpochMs; status: string; said?: string | undefined }
  | { type: 'fact'; at: EpochMs; fact: FactNews }
  | { type: 'event'; at: EpochMs; event: EventWords }
  | { type: 'tick'; at: EpochMs };

export type EventWords = Pick<EventRecord, 'at' | 'log' | 'source' | 'code' | 'level' | 'message'>;

/** One instance's values of many polls; NaN is unknown. */
export interface SeriesColumn {
  instance: string;
  unit: string;
  values: Float64Array;
}

/** Polls [from, to) of a past, by the series' name: what `values` says of each, without an object for each value. */
export interface ColumnNews {
  times: Float64Array;
  from: number;
  to: number;
  columns: ReadonlyMap<string, readonly SeriesColumn[]>;
}
