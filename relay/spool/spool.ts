// The port of the durable queue between everything that happens at a site and the console.

import type { PollRecord } from '#shared/model/poll-record.ts';
import type { SpoolRecord } from '#shared/model/record.ts';
import type { Batch, Gap } from '#shared/protocol/batch.ts';
import type { Lane, Watermark } from '#shared/protocol/lane.ts';

export interface LaneState {
  lane: Lane;
  /** First batch still kept; equal to `next` when the lane is empty. */
  oldest: number;
  /** Number the next batch will get. */
  next: number;
}

export interface Spool {
  /** UUID of this spool; a fresh file is a new epoch. */
  readonly epoch: string;
  lanes(): LaneState[];
  /** Takes a poll into the open batch of the sample lane; written at most 5 s or 500 samples later. */
  addPoll(record: PollRecord): void;
  /** Written and fsynced before it returns (lanes 0 and 1), or with the next commit (lane 3). */
  addRecord(lane: 0 | 1 | 3, record: SpoolRecord): void;
  /** Writes what is open; the stop path and tests call it. */
  flush(): void;
  /** The batches or gaps of a lane from `seq` on, in order, at most `maxBatches` and `maxBytes`. A corrupt batch is quarantined and reads as a Gap. */
  read(lane: Lane, seq: number, maxBatches: number, maxBytes: number): ReadonlyArray<{ batch: Batch } | { gap: Gap }>;
  /** Durable batches may be freed: they are kept 24 h within the quota, for a console that comes back from a backup. */
  acknowledge(mark: Watermark): void;
  /** Says whether fresh samples go to lane 2 (link up and caught up) or lane 3; asked at each write of a batch. */
  setLive(isLive: boolean): void;
  /** Told after each committed batch. */
  onWritten: ((lane: Lane) => void) | undefined;
  stats(): {
    lanes: Array<LaneState & { bytes: number; batches: number }>;
    bytes: number;
    quotaBytes: number;
    quarantined: number;
    lost: number;
  };
  stop(): Promise<void>;
}
