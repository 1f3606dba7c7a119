// Exactly once into the database: batches of all relays, a few per commit, acknowledged only after it.
import { setImmediate as pause } from 'node:timers/promises';
import type { ChunkStore } from '#console/metrics/chunk-store.ts';
import type { OpenChains } from '#console/metrics/open-chains.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { Batch, Gap } from '#shared/protocol/batch.ts';
import { batchCrc } from '#shared/protocol/batch-crc.ts';
import type { Watermark } from '#shared/protocol/lane.ts';
import { isFaultOfBatch } from './batch-fault.ts';
import { TakeApart, takenApart } from './bundle-apart.ts';
import { type Arrived, CommitGroup, type GroupResult, type Refused, streamsOf, type Verdict } from './commit-group.ts';
import { IngestQueue, type Job, type Work } from './ingest-queue.ts';
import type { LinkIdentity, RecordHooks } from './record-hooks.ts';
import { type Marks, readWatermarks } from './watermark-repository.ts';

/** Bugs planted on purpose: the chaos self-check must catch each of them. Never set in production. */
export interface IngestFaults {
  /** Acknowledges before the commit, which follows this much later. */
  ackBeforeCommitMs?: number;
  /** Stores a batch again when it comes again. */
  noDedup?: boolean;
  /** Takes batches as they come. */
  noCrc?: boolean;
}

export interface IngestDeps {
  store: Pick<Store, 'db' | 'transaction'>;
  clock: Clock;
  chunks: ChunkStore;
  chains: OpenChains;
  hooks: RecordHooks;
  /** Told after the commit, in order; must not throw. */
  onArrived?: (arrived: Arrived) => void;
  /** True while the disk has no room for metrics: they stay at the relay, and what people wait for is taken in. */
  isFull?: () => boolean;
  /** True while a page waits for its answer: between two commits it goes first. */
  isAsked?: () => boolean;
  /** A commit failed; the relays concerned are told to come again. */
  onFailure?: (error: unknown) => void;
  faults?: IngestFaults;
}

/** Below are outcomes of orders, audits, alerts and states: a few bytes that people wait for. */
const FIRST_METRIC_LANE = 2;

/** Polls of a large commit after which others have their turn: decoding and storing so many takes 5 ms, telling them 3 ms. */
const TURN_POLLS = 256;

/** A page is answered within a few turns of the loop: after each commit it has the loop this long, so storing goes on under pages without end. */
const STAND_BACK_MS = 20;

export interface IngestStats {
  waiting: number;
  waitingBytes: number;
  commits: number;
  batches: number;
  samples: number;
  repeated: number;
  quarantined: number;
  gaps: number;
  lost: number;
  /** Refused for a wrong sequence, a wrong CRC or too much in flight. */
  refused: number;
}

export class Ingest {
  readonly #deps: IngestDeps;
  readonly #queue = new IngestQueue();
  #pumping: Promise<void> | undefined;
  #isStopped = false;
  #slowestMs = 0;
  readonly #stats = {
    commits: 0,
    batches: 0,
    samples: 0,
    repeated: 0,
    quarantined: 0,
    gaps: 0,
    lost: 0,
    refused: 0,
  };

  constructor(deps: IngestDeps) {
    this.#deps = deps;
  }

  /** For WELCOME: where the console stands in each lane of this spool. */
  watermarks(link: LinkIdentity): Promise<Watermark[]> {
    return readWatermarks(this.#deps.store.db, link);
  }

  /**
   * Stores a batch once and resolves, after the commit, with its lane's watermarks. Rejects with `crc-mismatch`,
   * `sequence-gap`, `rate-limited` (more in flight than credits allow), `disk-full` or `unavailable` (the database; come again).
   * A batch whose content does not read is set aside whole, even when only one of its records is bad.
   */
  async batch(link: LinkIdentity, batch: Batch): Promise<Marks> {
    if (batchCrc(batch) !== batch.crc && this.#deps.faults?.noCrc !== true) {
      this.#stats.refused += 1;
      throw new AppError('crc-mismatch', `relay ${link.relay}: lane ${batch.lane}, batch ${batch.seq} was damaged`);
    }
    if (batch.lane >= FIRST_METRIC_LANE && this.#deps.isFull?.() === true) {
      this.#stats.refused += 1;
      throw new AppError('disk-full', `relay ${link.relay}: the console's disk has no room for metrics`);
    }
    return await this.#enqueue(link, { kind: 'batch', batch });
  }

  /** Takes the receipt for batches that will never come. */
  async gap(link: LinkIdentity, gap: Gap): Promise<Marks> {
    return await this.#enqueue(link, { kind: 'gap', gap });
  }

  stats(): IngestStats {
    return { ...this.#stats, waiting: this.#queue.size, waitingBytes: this.#queue.bytes };
  }

  /** The slowest transaction since this was last asked; 0 when there was none. */
  takeSlowestCommitMs(): number {
    const slowest = this.#slowestMs;
    this.#slowestMs = 0;
    return slowest;
  }

  /** Stores what was accepted, accepts nothing more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#pumping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #enqueue(link: LinkIdentity, work: Work): Promise<Marks> {
    return new Promise((resolve, reject) => {
      if (this.#isStopped) return reject(new AppError('unavailable', 'the console is stopping'));
      if (!this.#queue.push({ link, work, resolve, reject })) {
        this.#stats.refused += 1;
        return reject(new AppError('rate-limited', `relay ${link.relay}: more batches in flight than it has credits`));
      }
      this.#pumping ??= this.#pump();
    });
  }

  async #pump(): Promise<void> {
    // One turn of the loop lets the batches that arrived together share a commit.
    await pause();
    for (let group = this.#queue.take(); group.length > 0; group = this.#queue.take()) {
      await this.#store(group);
      // Everything above may run without leaving the microtask queue; sockets and timers need their turn.
      await pause();
      await this.#standBack();
    }
    this.#pumping = undefined;
  }

  async #standBack(): Promise<void> {
    const { clock, isAsked } = this.#deps;
    const begun = clock.monotonic();
    while (!this.#isStopped && isAsked?.() === true && clock.monotonic() - begun < STAND_BACK_MS) await clock.sleep(1);
  }

  async #store(group: readonly Job[]): Promise<void> {
    if (this.#deps.faults?.ackBeforeCommitMs !== undefined) await this.#ackEarly(group);
    try {
      await this.#finish(group, await this.#commit(group));
    } catch (error) {
      const [first] = group;
      // One bad batch must not fail its neighbours: each alone.
      if (group.length > 1) for (const job of group) await this.#store([job]);
      else if (first !== undefined && error instanceof TakeApart) await this.#apart(first, error);
      else await this.#judge(group, error);
    }
  }

  /** One transaction; on a throw nothing happened, in the decoders either. */
  async #commit(group: readonly Job[], refusal?: Refused): Promise<GroupResult> {
    const { store, clock, chunks, chains, hooks, faults } = this.#deps;
    const deps = { chunks, chains, hooks, now: clock.now(), noDedup: faults?.noDedup ?? false };
    const begin = clock.monotonic();
    let isRepeated = false;
    const forget = () => {
      for (const stream of streamsOf(group)) chains.forget(stream);
    };
    try {
      const result = await store.transaction(async (tx) => {
        if (isRepeated) forget();
        isRepeated = true;
        return await new CommitGroup(deps, tx).run(group, refusal);
      });
      this.#stats.commits += 1;
      this.#slowestMs = Math.max(this.#slowestMs, clock.monotonic() - begin);
      return result;
    } catch (error) {
      forget();
      throw error;
    }
  }

  /** A bundle, batch by batch; one whose parts are not what its numbers say is set aside whole. */
  async #apart(job: Job, error: TakeApart): Promise<void> {
    if (job.work.kind !== 'batch') return;
    let parts: Batch[] | undefined;
    try {
      parts = takenApart(job.work.batch);
    } catch {
      parts = undefined; // no bundle at all
    }
    const cause = error.cause ?? new AppError('frame-malformed', 'a bundle of other batches than its numbers say');
    if (parts === undefined) return await this.#judge([job], cause);
    let marks: Marks | undefined;
    try {
      for (const batch of parts) marks = await this.#alone(job.link, batch);
    } catch (failure) {
      this.#queue.settle(job);
      return job.reject(failure);
    }
    this.#queue.settle(job);
    if (marks !== undefined) job.resolve(marks);
  }

  #alone(link: LinkIdentity, batch: Batch): Promise<Marks> {
    return new Promise((resolve, reject) => {
      this.#store([{ link, work: { kind: 'batch', batch }, resolve, reject, isPart: true }]).catch(reject);
    });
  }

  /** A batch that fails alone: its own fault is set aside, so that the stream goes on; else it must come again. */
  async #judge(group: readonly Job[], error: unknown): Promise<void> {
    try {
      if (!isFaultOfBatch(error)) throw error;
      await this.#finish(group, await this.#commit(group, describeError(error)));
    } catch (cause) {
      this.#deps.onFailure?.(cause);
      for (const job of group) {
        this.#queue.settle(job);
        job.reject(new AppError('unavailable', `relay ${job.link.relay}: a batch could not be stored`, { cause }));
      }
    }
  }

  async #finish(group: readonly Job[], { verdicts, arrived, counts }: GroupResult): Promise<void> {
    this.#stats.batches += counts.stored;
    this.#stats.samples += counts.samples;
    this.#stats.repeated += counts.repeated;
    this.#stats.quarantined += counts.quarantined;
    this.#stats.gaps += counts.gaps;
    this.#stats.lost += counts.lost;
    for (const [i, job] of group.entries()) this.#settle(job, verdicts[i]);
    // Nothing more is decoded meanwhile: what is told next is what was stored.
    let polls = arrived.reduce((sum, one) => sum + one.polls.length, 0);
    for (const one of arrived) {
      if (polls > TURN_POLLS) {
        await pause();
        polls = 0;
      }
      this.#deps.onArrived?.(one);
      polls += one.polls.length;
      if (one.rows !== undefined) this.#deps.chains.spare.give(one.rows);
    }
  }

  #settle(job: Job, verdict: Verdict | undefined): void {
    this.#queue.settle(job);
    if (verdict?.ok) {
      job.resolve(verdict.marks);
      return;
    }
    this.#stats.refused += 1;
    job.reject(verdict?.error ?? new AppError('internal', 'a batch has no verdict'));
  }

  /** The planted bug itself. */
  async #ackEarly(group: readonly Job[]): Promise<void> {
    for (const { work, resolve } of group) {
      const seq = work.kind === 'batch' ? work.batch.seq : work.gap.to;
      resolve({ received: seq, durable: seq });
    }
    await this.#deps.clock.sleep(this.#deps.faults?.ackBeforeCommitMs ?? 0);
  }
}
