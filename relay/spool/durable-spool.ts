// The durable queue of a relay: four numbered lanes in one SQLite file, bounded, never silently lossy.
import { basename, dirname, join } from 'node:path';
import type Database from 'better-sqlite3';
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import { newId, type RandomBytes, systemRandom } from '#shared/base/id.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { SpoolRecord } from '#shared/model/record.ts';
import { batchCrc } from '#shared/protocol/batch-crc.ts';
import { LANES, type Lane, type Watermark } from '#shared/protocol/lane.ts';
import { Ballast } from '#shared/runtime/ballast.ts';
import type { BatchStore, StoredBatch } from './batch-store.ts';
import { CommitTimer } from './commit-timer.ts';
import { fitRecord } from './fit-record.ts';
import { Intake, MAX_WAITING, type Waiting } from './intake.ts';
import type { LaneBook } from './lane-book.ts';
import { type OpenedSpool, openSpool } from './opened-spool.ts';
import { readLane, type SpoolItem } from './read-lane.ts';
import { recentPolls } from './recent-polls.ts';
import { SampleChains } from './sample-chains.ts';
import { SpaceKeeper } from './space-keeper.ts';
import type { LaneState, Spool, SpoolStats } from './spool.ts';
import { SpoolEvents } from './spool-events.ts';
import { isCorruption, isFull, moveAside, type SpoolFileOptions } from './spool-file.ts';
import { DEFAULT_QUOTA_BYTES, type DurableSpoolOptions } from './spool-options.ts';

/** Bodies kept for people; more are counted only. */
const KEEP_QUARANTINED = 256;
const HOUSEKEEPING_MS = 60_000;
/** The longest a poll or fact waits in memory: a kill costs no more than that, and a disk is synced no more often. */
const COMMIT_MS = 5_000;
/** With the link up: what is fresh is at the console within 5 s of its poll, the way there included. */
const LIVE_COMMIT_MS = 3_000;

export class DurableSpool implements Spool {
  onWritten: ((lane: Lane) => void) | undefined;
  onEpoch: (() => void) | undefined;
  readonly #options: DurableSpoolOptions;
  readonly #file: SpoolFileOptions;
  readonly #clock: Clock;
  readonly #random: RandomBytes;
  readonly #ballast: Ballast;
  readonly #space: SpaceKeeper;
  readonly #events: SpoolEvents;
  readonly #chains = new SampleChains();
  readonly #intake = new Intake();
  readonly #stop = new AbortController();
  readonly #timer: CommitTimer;
  #opened: OpenedSpool;
  #isLive: boolean = false;
  #isWorking: boolean = false;

  constructor(options: DurableSpoolOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#random = options.random ?? systemRandom;
    this.#timer = new CommitTimer({ clock: this.#clock, signal: this.#stop.signal, onDue: () => this.flush() });
    this.#file = {
      file: options.file,
      quotaBytes: options.quotaBytes ?? DEFAULT_QUOTA_BYTES,
      synchronous: options.faults?.synchronous ?? 'FULL',
      prepare: options.prepare ?? (() => undefined),
    };
    this.#ballast = options.ballast ?? new Ballast(join(dirname(options.file), 'ballast'));
    this.#space = new SpaceKeeper({
      quotaBytes: this.#file.quotaBytes,
      ballast: this.#ballast,
      chains: this.#chains,
    });
    this.#events = new SpoolEvents({
      clock: this.#clock,
      onEvent: (event) => {
        this.#intake.addWaiting([{ lane: 1, record: event }]);
        this.#arm();
        options.onEvent?.(event);
      },
    });
    this.#opened = this.#open();
    this.#keepHouse();
    this.#schedule(HOUSEKEEPING_MS, () => this.#housekeeping());
  }

  get epoch(): string {
    return this.#opened.epoch;
  }

  /** When this file was made: a journal in it knows nothing of orders from before. */
  get createdAt(): EpochMs {
    return this.#opened.createdAt;
  }

  /** The same file and connection, for tables whose rows commit together with records: see `transact`. */
  get database(): Database.Database {
    return this.#store.db;
  }

  lanes(): LaneState[] {
    return LANES.map((lane) => {
      const { next } = this.#book.row(lane);
      return { lane, oldest: this.#store.oldest(lane)?.seq ?? next, next };
    });
  }

  addPoll(record: PollRecord): void {
    this.#assertOpen();
    this.#intake.addPoll(record);
    if (this.#intake.samples >= (this.#options.commitSamples ?? 500)) this.flush();
    else this.#arm();
  }

  addRecord(lane: 0 | 1 | 3, record: SpoolRecord): void {
    this.addRecords(lane, [record]);
  }

  /** All of them in one batch and one commit where they fit. */
  addRecords(lane: 0 | 1 | 3, records: readonly SpoolRecord[]): void {
    this.#assertOpen();
    const added = records.map((record) => ({ lane, record: fitRecord(record) }));
    if (this.#isWorking) this.#intake.addUrgent(added);
    else if (lane === 3) this.#wait(added);
    else this.transact(() => this.#intake.addUrgent(added));
  }

  /**
   * Runs `work` and writes the records it adds in one commit, fsynced before this returns; all or nothing.
   * `work` does database work only: it runs a second time when room had to be made.
   */
  transact<T>(work: (db: Database.Database) => T): T {
    this.#assertOpen();
    if (this.#isWorking) return work(this.database);
    if (this.database.inTransaction) throw new AppError('internal', 'spool: begin transactions with transact()');
    return this.#durably((isRetry) => this.#commit(() => work(this.database), [], isRetry));
  }

  flush(): void {
    this.#assertOpen();
    this.#timer.disarm();
    if (this.#intake.isEmpty) return;
    const polls = this.#intake.takePolls();
    try {
      const hasRoom = this.#durably(() => this.#makeRoom());
      if (hasRoom) this.#durably((isRetry) => this.#commit(() => undefined, polls, isRetry));
      else this.#intake.refuse(polls);
    } catch (error) {
      this.#intake.refuse(polls);
      const { code, message } = describeError(error);
      this.#events.tell(code, 'critical', `samples could not be written: ${message}`);
    }
    if (!this.#intake.isEmpty) this.#arm();
  }

  read(lane: Lane, seq: number, maxBatches: number, maxBytes: number): SpoolItem[] {
    this.#assertOpen();
    const isIntact = (batch: StoredBatch) => this.#isIntact(batch);
    const onDamaged = (batch: StoredBatch) => this.#quarantine(batch);
    return this.#durably(() => {
      const deps = { store: this.#store, next: this.#book.row(lane).next, isIntact, onDamaged };
      return readLane(lane, seq, { maxBatches, maxBytes }, deps);
    });
  }

  acknowledge(mark: Watermark): void {
    this.#book.acknowledge(mark, this.#clock.now());
  }

  rewind(marks: readonly Watermark[]): void {
    this.#assertOpen();
    this.transact(() => {
      for (const mark of marks) this.#book.rewind(mark, this.#store, this.#clock.now());
    });
  }

  renewEpoch(): void {
    const now = this.#clock.now();
    const epoch = newId(now, this.#random);
    this.transact(() => {
      for (const { lane, durable } of this.#book.rows()) {
        // What the console has it has under the old epoch; sent again under the new one it would count twice.
        this.#book.remove(lane, this.#store.forgetThrough(lane, durable));
        this.#book.rewind({ lane, received: 0, durable: 0 }, this.#store, now);
      }
      this.#store.setEpoch(epoch);
    });
    this.#opened.epoch = epoch;
    this.#chains.restartAll();
    this.#tellNewEpoch('the console has batches that this spool never numbered');
  }

  replayFrom(lane: Lane, durable: number): number {
    return this.#store.replayFrom(lane, durable);
  }

  meetConsole(incarnation: string): 'first' | 'same' | 'changed' {
    return this.#store.meet(incarnation);
  }

  setLive(isLive: boolean): void {
    // What waits was polled before: it would be the oldest of what is live.
    if (isLive && !this.#isLive) this.flush();
    this.#isLive = isLive;
  }

  recentPolls(since: EpochMs): Iterable<PollRecord> {
    this.#assertOpen();
    return recentPolls(this.#store, since, (batch) => this.#isIntact(batch));
  }

  stats(): SpoolStats {
    return {
      lanes: this.lanes().map((state) => ({ ...this.#book.row(state.lane), ...state })),
      bytes: this.#store.usedBytes(),
      quotaBytes: this.#file.quotaBytes,
      quarantined: this.#store.quarantined(),
      lost: this.#store.lost() + this.#intake.refused,
      hasBallast: this.#ballast.isHeld,
    };
  }

  async stop(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.flush();
    try {
      this.#tellRefused();
    } finally {
      this.#stop.abort();
      this.#store.db.close();
    }
  }

  get #store(): BatchStore {
    return this.#opened.store;
  }

  get #book(): LaneBook {
    return this.#opened.book;
  }

  #open(): OpenedSpool {
    const opened = openSpool(this.#file, { chains: this.#chains, now: this.#clock.now(), random: this.#random });
    if (opened.damage !== undefined) this.#tellNewEpoch(`the spool could not be read: ${opened.damage}`);
    return opened;
  }

  #tellNewEpoch(why: string): void {
    this.#events.tell('spool-corrupt', 'critical', `${why}; a new epoch began`);
    this.onEpoch?.();
  }

  #assertOpen(): void {
    if (this.#stop.signal.aborted) throw new AppError('unavailable', 'the spool is closed');
  }

  #wait(added: readonly Waiting[]): void {
    this.#intake.addWaiting(added);
    if (this.#intake.waiting > MAX_WAITING) this.flush();
    this.#intake.trim();
    this.#arm();
  }

  /** The longest wait of a poll or fact begins now, if it has not begun. */
  #arm(): void {
    this.#timer.arm(this.#options.commitMs ?? (this.#isLive ? LIVE_COMMIT_MS : COMMIT_MS));
  }

  #schedule(ms: number, work: () => void): void {
    this.#clock.sleep(ms, this.#stop.signal).then(work, () => undefined); // rejected: stopped, and stop() has flushed
  }

  /** `isTight`: there was no room, so facts wait on and cannot hold up what may not be lost. */
  #commit<T>(work: () => T, polls: readonly PollRecord[], isTight: boolean): T {
    const undo = this.#book.snapshot();
    const before = this.#book.rows().map((row) => row.next);
    this.#isWorking = true;
    try {
      const result = this.#store.db
        .transaction(() => {
          const value = work();
          this.#write(polls, isTight);
          this.#book.save(this.#store);
          return value;
        })
        .immediate();
      this.#book.committed();
      this.#intake.committed(isTight);
      if (polls.length > 0) this.#intake.refused = 0;
      return result;
    } catch (error) {
      undo();
      this.#intake.failed();
      // The encoders know polls that no batch holds now; a chain that began anew is the only one readable.
      if (polls.length > 0) this.#chains.restartAll();
      throw error;
    } finally {
      this.#isWorking = false;
      this.#tellWritten(before);
    }
  }

  #write(polls: readonly PollRecord[], isTight: boolean): void {
    const now = this.#clock.now();
    const sampleLane = this.#isLive ? 2 : 3;
    for (const lane of [0, 1, 3] as const) {
      this.#opened.writer.writeRecords(lane, this.#intake.recordsOf(lane, isTight), now);
    }
    if (polls.length === 0) return;
    const refused = this.#intake.refused + this.#opened.writer.writePolls(sampleLane, polls);
    if (refused > 0) this.#opened.writer.writeLoss(sampleLane, refused, now);
  }

  #tellWritten(before: readonly number[]): void {
    for (const lane of LANES) if (this.#book.row(lane).next !== before[lane]) this.onWritten?.(lane);
  }

  /** Makes room or a fresh file where the engine says that it cannot go on, and tries once more. */
  #durably<T>(attempt: (isRetry: boolean) => T): T {
    try {
      return attempt(false);
    } catch (error) {
      if (isCorruption(error)) this.#replaceFile(error);
      else if (isFull(error)) this.#relieve();
      else throw error;
    }
    try {
      return attempt(true);
    } catch (error) {
      if (!isFull(error)) throw error;
      throw new AppError('spool-full', `${this.#file.file}: no room, not even for outcomes and alerts`, {
        cause: error,
      });
    }
  }

  #relieve(): void {
    try {
      this.#tellDropped(this.#space.relieve(this.#opened, this.#clock.now()));
    } catch (error) {
      // Without a page for its log not even a deletion works; what is tried again says so.
      if (!isFull(error)) throw error;
    }
  }

  #tellDropped(lost: number): void {
    if (lost === 0) return;
    const what = `no room: the oldest hours of samples and inventory were dropped, ${lost} lost`;
    this.#events.tell('spool-full', 'critical', what);
  }

  #replaceFile(cause: unknown): void {
    this.#store.db.close();
    const aside = moveAside(this.#file.file, this.#clock.now());
    this.#chains.restartAll();
    this.#opened = this.#open();
    this.#tellNewEpoch(`the spool broke: ${describeError(cause).message}; kept as ${basename(aside)}`);
  }

  #isIntact(batch: StoredBatch): boolean {
    return this.#options.faults?.skipCrc === true || batchCrc(batch) === batch.crc;
  }

  #quarantine(batch: StoredBatch): void {
    const { lane, hour, seq } = batch;
    this.transact(() => {
      const durable = this.#book.row(lane).durable;
      const removed = this.#store.quarantine(batch, durable, KEEP_QUARANTINED, this.#clock.now());
      this.#book.remove(lane, removed);
      const what = `batch ${seq} of lane ${lane} is damaged: ${removed.n} samples or records set aside`;
      this.#events.tell('crc-mismatch', 'warning', what);
    });
    this.#chains.restart(lane, hour);
  }

  #makeRoom(): boolean {
    const { hasRoom, lost } = this.#space.makeRoom(this.#opened, this.#clock.now());
    this.#tellDropped(lost);
    if (!hasRoom) this.#events.tell('spool-full', 'critical', 'no room: no sample is written until the console acks');
    return hasRoom;
  }

  #housekeeping(): void {
    this.#keepHouse();
    this.#schedule(HOUSEKEEPING_MS, () => this.#housekeeping());
  }

  #keepHouse(): void {
    try {
      this.#durably(() => this.#space.keepHouse(this.#opened, this.#clock.now()));
      this.#tellRefused();
    } catch (error) {
      const { code, message } = describeError(error);
      this.#events.tell(code, 'critical', `housekeeping of the spool failed: ${message}`);
    }
  }

  /** Gives what found no room its number, so that the loss climbs like everything else. */
  #tellRefused(): void {
    if (this.#intake.refused === 0) return;
    this.transact(() => this.#opened.writer.writeLoss(this.#isLive ? 2 : 3, this.#intake.refused, this.#clock.now()));
    this.#intake.refused = 0;
  }
}
