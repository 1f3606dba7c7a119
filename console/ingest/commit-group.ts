// The one transaction of a group of batches: watermarks read and locked, everything stored, watermarks moved.
import type { ArrivedPoll, BatchRows } from '#console/metrics/batch-rows.ts';
import type { ChainKey, ChunkStore, Frame } from '#console/metrics/chunk-store.ts';
import type { OpenChains } from '#console/metrics/open-chains.ts';
import type { Tx } from '#console/store/engine.ts';
import { AppError, describeError, type ErrorCode } from '#shared/base/errors.ts';
import type { SpoolRecord } from '#shared/model/record.ts';
import type { Batch, Gap } from '#shared/protocol/batch.ts';
import { decodeRecords } from '#shared/protocol/record-codec.ts';
import { spanOf, TakeApart } from './bundle-apart.ts';
import type { Job } from './ingest-queue.ts';
import { applyRecords, type LinkIdentity, type RecordHooks, type StreamIncident } from './record-hooks.ts';
import {
  lockMarks,
  type Marks,
  type StreamKey,
  slotOf,
  writeGap,
  writeMarks,
  writeQuarantine,
} from './watermark-repository.ts';

/** What a committed batch held: told to the live view after the commit. */
export interface Arrived {
  link: LinkIdentity;
  polls: readonly ArrivedPoll[];
  /** Where the polls stand, to be used again once all were told of them. */
  rows?: BatchRows;
  records: readonly SpoolRecord[];
  /** Samples that came as they were made, not from the backlog of an outage. */
  isLive: boolean;
}

export type Verdict = { ok: true; marks: Marks } | { ok: false; error: AppError };

export interface GroupResult {
  /** Parallel to the jobs. */
  verdicts: Verdict[];
  arrived: Arrived[];
  counts: { stored: number; repeated: number; quarantined: number; samples: number; gaps: number; lost: number };
}

export interface GroupDeps {
  chunks: ChunkStore;
  chains: OpenChains;
  hooks: RecordHooks;
  now: number;
  /** A planted bug: repeated batches are stored again. */
  noDedup: boolean;
}

/** Why a batch is set aside. */
export type Refused = { code: ErrorCode; message: string };

const streamOf = (job: Job): StreamKey => ({
  relay: job.link.relay,
  epoch: job.link.epoch,
  lane: job.work.kind === 'batch' ? job.work.batch.lane : job.work.gap.lane,
});

/** The distinct streams of a group, in the one order in which everybody locks them. */
export function streamsOf(jobs: readonly Job[]): StreamKey[] {
  const streams = new Map(jobs.map((job) => [slotOf(streamOf(job)), streamOf(job)]));
  return [...streams.keys()].sort().flatMap((slot) => streams.get(slot) ?? []);
}

/** A batch's content does not read: it is set aside, and the stream goes on. */
class Unreadable extends Error {}

export class CommitGroup {
  readonly #deps: GroupDeps;
  readonly #tx: Tx;
  readonly #frames: Frame[] = [];
  readonly #incidents = new Map<LinkIdentity, StreamIncident[]>();
  readonly #result: GroupResult = {
    verdicts: [],
    arrived: [],
    counts: { stored: 0, repeated: 0, quarantined: 0, samples: 0, gaps: 0, lost: 0 },
  };

  constructor(deps: GroupDeps, tx: Tx) {
    this.#deps = deps;
    this.#tx = tx;
  }

  /** Throws only what undoes the whole group. With a refusal every batch that is new is set aside unread. */
  async run(jobs: readonly Job[], refusal?: Refused): Promise<GroupResult> {
    const streams = streamsOf(jobs);
    const marks = await lockMarks(this.#tx, streams);
    const moved = new Map<string, StreamKey & Marks>();
    for (const job of jobs) {
      const stream = streamOf(job);
      const slot = slotOf(stream);
      const before = marks.get(slot) ?? { received: 0, durable: 0 };
      const mark = before.received;
      const waiting = this.#frames.length;
      const next = await this.#one(job, mark, refusal);
      if (next instanceof AppError) {
        this.#result.verdicts.push({ ok: false, error: next });
        continue;
      }
      // Samples are durable when their hour is sealed; what stands behind a frame that waits for it waits too.
      const isDurable = before.durable === mark && this.#frames.length === waiting;
      const now = { received: next, durable: isDurable ? next : before.durable };
      marks.set(slot, now);
      if (next !== mark) moved.set(slot, { ...stream, ...now });
      this.#result.verdicts.push({ ok: true, marks: now });
    }
    await this.#deps.chunks.put(this.#tx, this.#frames);
    await writeMarks(this.#tx, [...moved.values()]);
    for (const [link, incidents] of this.#incidents) await this.#deps.hooks.onIncidents(this.#tx, link, incidents);
    return this.#result;
  }

  /** The watermark after the job; an error when it is out of order. */
  async #one(job: Job, mark: number, refusal: Refused | undefined): Promise<number | AppError> {
    const { from, to } = job.work.kind === 'batch' ? spanOf(job.work.batch) : job.work.gap;
    if (to <= mark && !(this.#deps.noDedup && job.work.kind === 'batch')) {
      this.#result.counts.repeated += 1;
      return mark;
    }
    if (from > mark + 1 || to < from) {
      const lane = streamOf(job).lane;
      return new AppError('sequence-gap', `relay ${job.link.relay}: lane ${lane} stands at ${mark}, ${from} came next`);
    }
    if (job.work.kind === 'batch' && refusal === undefined && from <= mark && mark < to) throw new TakeApart();
    if (job.work.kind === 'gap') await this.#gap(job.link, { ...job.work.gap, from: mark + 1 });
    else if (refusal !== undefined) await this.#setAside(job.link, job.work.batch, refusal);
    else await this.#batch(job.link, job.work.batch, mark);
    return Math.max(mark, to);
  }

  async #gap(link: LinkIdentity, gap: Gap): Promise<void> {
    await writeGap(this.#tx, link, gap, this.#deps.now);
    this.#result.counts.gaps += 1;
    this.#result.counts.lost += gap.n;
    const code = gap.reason === 'quota' ? 'spool-full' : 'spool-corrupt';
    const detail = `lane ${gap.lane}: batches ${gap.from} to ${gap.to} (${gap.n} inside) are lost: ${gap.reason}`;
    this.#note(link, { kind: 'gap', code, lane: gap.lane, from: gap.from, to: gap.to, n: gap.n, detail });
  }

  async #batch(link: LinkIdentity, batch: Batch, mark: number): Promise<void> {
    try {
      if (batch.kind === 'samples') await this.#samples(link, batch, mark);
      else await this.#records(link, batch);
      const { from, to } = spanOf(batch);
      this.#result.counts.stored += to - from + 1;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      if (batch.from !== undefined) throw new TakeApart('a batch of a bundle does not read', { cause: error.cause });
      const refusal = describeError(error.cause);
      await this.#setAside(link, batch, refusal);
    }
  }

  /** Raw bytes into quarantine; the watermark moves on. */
  async #setAside(
    link: LinkIdentity,
    batch: Batch,
    refusal: { code: AppError['code']; message: string },
  ): Promise<void> {
    const isNews = await writeQuarantine(this.#tx, link, batch, { ...refusal, at: this.#deps.now });
    this.#result.counts.quarantined += 1;
    if (!isNews) return;
    const detail = `lane ${batch.lane}: batch ${batch.seq} (${batch.n} inside) is set aside: ${refusal.message}`;
    const { lane, n } = batch;
    this.#note(link, { kind: 'quarantine', code: refusal.code, lane, ...spanOf(batch), n, detail });
  }

  async #samples(link: LinkIdentity, batch: Batch, mark: number): Promise<void> {
    const isRepeat = batch.seq <= mark;
    const key: ChainKey = { relay: link.relay, epoch: link.epoch, hour: batch.hour, lane: batch.lane };
    const rows = isRepeat ? undefined : await this.#polls(key, batch, mark);
    // The planted bug needs a place beside the frame that is there already.
    const seq = isRepeat ? batch.seq + 2 ** 40 * (1 + this.#frames.length) + this.#deps.now : batch.seq;
    const { from } = spanOf(batch);
    this.#frames.push({
      ...key,
      site: link.site,
      seq,
      batches: batch.seq - from + 1,
      samples: batch.n,
      data: batch.data,
    });
    this.#result.counts.samples += batch.n;
    if (rows !== undefined && rows.rows.length > 0)
      this.#result.arrived.push({ link, polls: rows.rows, rows, records: [], isLive: batch.lane === 2 });
  }

  async #polls(key: ChainKey, batch: Batch, mark: number): Promise<BatchRows> {
    if (batch.lane < 2) throw unreadable(new AppError('frame-malformed', `samples in lane ${batch.lane}`));
    try {
      return await this.#deps.chains.decode(this.#tx, key, { mark, seq: batch.seq, data: batch.data });
    } catch (error) {
      if (error instanceof AppError) throw unreadable(error);
      throw error;
    }
  }

  async #records(link: LinkIdentity, batch: Batch): Promise<void> {
    if (batch.lane === 2) throw unreadable(new AppError('frame-malformed', 'records in lane 2'));
    const decoded = decodeRecords(batch.data);
    if (!decoded.ok) throw unreadable(new AppError(decoded.code, decoded.message));
    const { records } = decoded;
    await applyRecords(this.#deps.hooks, this.#tx, link, records);
    this.#result.arrived.push({ link, polls: [], records, isLive: false });
  }

  #note(link: LinkIdentity, incident: StreamIncident): void {
    const known = this.#incidents.get(link);
    if (known === undefined) this.#incidents.set(link, [incident]);
    else known.push(incident);
  }
}

const unreadable = (cause: unknown): Unreadable => new Unreadable('a batch does not read', { cause });
