// The port of the durable queue between everything that happens at a site and the console.
import type { EpochMs } from '#shared/base/clock.ts';
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

export interface LaneStats extends LaneState {
  received: number;
  durable: number;
  batches: number;
  bytes: number;
}

export interface SpoolStats {
  lanes: LaneStats[];
  /** Bytes of the file in use. */
  bytes: number;
  quotaBytes: number;
  /** Batches in quarantine. */
  quarantined: number;
  /** Samples and records that were lost, each told in a GAP. */
  lost: number;
  /** False while the disk is full: the 16 MB held back have been given up. */
  hasBallast: boolean;
}

export interface Spool {
  /** UUID of this spool; a fresh file is a new epoch. It changes when a damaged file is replaced: see `onEpoch`. */
  readonly epoch: string;
  lanes(): LaneState[];
  /** Takes a poll into the open batch of the sample lane; written at most 5 s (3 s when live) or 500 samples later. */
  addPoll(record: PollRecord): void;
  /** Written and fsynced before it returns (lanes 0 and 1), or with the next commit (lane 3). Inside `transact`: with it. */
  addRecord(lane: 0 | 1 | 3, record: SpoolRecord): void;
  /** Writes what is open; the stop path and tests call it. */
  flush(): void;
  /** The batches or gaps of a lane from `seq` on, in order, at most `maxBatches` and `maxBytes`. A corrupt batch is quarantined and reads as a Gap. */
  read(lane: Lane, seq: number, maxBatches: number, maxBytes: number): ReadonlyArray<{ batch: Batch } | { gap: Gap }>;
  /** Durable batches may be freed: they are kept 24 h within the quota, for a console that comes back from a backup. */
  acknowledge(mark: Watermark): void;
  /** Takes a WELCOME's watermarks as they are, also downwards: what the console lost is due again. */
  rewind(marks: readonly Watermark[]): void;
  /** Begins a new epoch in this file: the console has numbers we never gave (the file was put back from a copy). */
  renewEpoch(): void;
  /**
   * The batch at which a console that lost its decoders, not its store, has to begin reading: the first of the hour of
   * batch `durable + 1`. Resending needs no more than `received + 1`: the console holds the earlier batches of that hour.
   */
  replayFrom(lane: Lane, durable: number): number;
  /** Remembers whose database acknowledges us; 'changed' when it is not the state we spoke to last. */
  meetConsole(incarnation: string): 'first' | 'same' | 'changed';
  /** Says whether fresh samples go to lane 2 (link up and caught up) or lane 3; asked at each write of a batch. */
  setLive(isLive: boolean): void;
  /** Kept polls since `since`, hour by hour and in order of time within an hour. */
  recentPolls(since: EpochMs): Iterable<PollRecord>;
  /** Told after each committed batch. */
  onWritten: ((lane: Lane) => void) | undefined;
  /** Told when the epoch changed while running; the link has to greet again. */
  onEpoch: (() => void) | undefined;
  stats(): SpoolStats;
  stop(): Promise<void>;
}
