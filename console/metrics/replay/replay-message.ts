// What is asked of the worker to judge a past anew, and what it answers.
import type { DeviceId } from '#shared/base/id.ts';
import type { Episode } from '#shared/judge/checks/episodes.ts';
import type { News } from '#shared/judge/checks/news.ts';
import type { Check } from '#shared/model/check.ts';

/** News that is no poll: states, events, facts, in order of time. */
export type OtherNews = Exclude<News, { type: 'values' }>;

export interface ReplayDevice {
  device: DeviceId;
  /** How often it is polled. */
  pollMs: number;
  /** Which of the sets of checks judge it, each by itself. */
  sets: number[];
  news: OtherNews[];
}

export interface ReplayAsk {
  /** Milliseconds; `to` is not included. */
  from: number;
  to: number;
  sets: Check[][];
  devices: ReplayDevice[];
}

export interface ReplayedDevice {
  device: DeviceId;
  /** One for each of its sets. */
  runs: Array<{ episodes: Episode[]; more: number }>;
}

export interface ReplayAnswer {
  devices: ReplayedDevice[];
  /** Hours of devices: read row by row, passed over because their totals show that nothing can have happened, and of which no rows are kept. */
  read: number;
  passed: number;
  unkept: number;
}
