// The numbers of the four lanes in memory: next, watermarks, size, and since when each batch has been durable at the console.
import type { EpochMs } from '#shared/base/clock.ts';
import type { Lane, Watermark } from '#shared/protocol/lane.ts';
import type { AckMark, BatchStore, LaneRow, Removed } from './batch-store.ts';

/** Acknowledged batches stay this long, for a console that comes back from yesterday's backup. */
const KEEP_ACKED_MS = 24 * 3_600_000;
// 10 minutes: 144 marks a lane and day, and nothing is kept more than 10 minutes too long.
const MARK_MS = 600_000;

export class LaneBook {
  #rows: LaneRow[];
  #marks: AckMark[];
  #saved: LaneRow[];
  #dirtyMarks = new Set<AckMark>();

  constructor(store: BatchStore) {
    this.#rows = store.lanes();
    this.#saved = this.#rows.map((row) => ({ ...row }));
    this.#marks = store.marks();
  }

  row(lane: Lane): LaneRow {
    const row = this.#rows[lane];
    if (row === undefined) throw new RangeError(`lane ${lane}`);
    return row;
  }

  rows(): readonly LaneRow[] {
    return this.#rows;
  }

  /** Counts a new batch of `bytes` and gives its number. */
  take(lane: Lane, bytes: number): number {
    const row = this.row(lane);
    row.batches += 1;
    row.bytes += bytes;
    return this.skip(lane);
  }

  /** Gives the next number to something that is no batch: a gap. */
  skip(lane: Lane): number {
    const row = this.row(lane);
    row.next += 1;
    return row.next - 1;
  }

  remove(lane: Lane, removed: Removed): void {
    const row = this.row(lane);
    row.batches -= removed.batches;
    row.bytes -= removed.bytes;
  }

  /** Moves the watermarks up, never beyond what was written: a console cannot make us free what it cannot have. */
  acknowledge({ lane, received, durable }: Watermark, now: EpochMs): void {
    const row = this.row(lane);
    row.received = Math.max(row.received, Math.min(received, row.next - 1));
    const moved = Math.min(durable, row.received);
    if (moved <= row.durable) return;
    row.durable = moved;
    this.#mark(lane, moved, now);
  }

  /** Takes a WELCOME's watermarks as they are, also downwards: the console may have lost what it once had. */
  rewind(mark: Watermark, store: BatchStore, now: EpochMs): void {
    const row = this.row(mark.lane);
    if (mark.durable < row.durable) {
      const isLost = (kept: AckMark) => kept.lane === mark.lane && kept.durable > mark.durable;
      for (const kept of this.#marks.filter(isLost)) this.#dirtyMarks.delete(kept);
      this.#marks = this.#marks.filter((kept) => !isLost(kept));
      store.deleteMarks(mark.lane, 0, mark.durable);
      row.durable = mark.durable;
    }
    row.received = Math.min(row.received, mark.received);
    this.acknowledge(mark, now);
  }

  #mark(lane: Lane, durable: number, now: EpochMs): void {
    // The end of its ten minutes stands for all of them, so that nothing is freed too early.
    const at = (Math.floor(now / MARK_MS) + 1) * MARK_MS;
    let mark = this.#marks.find((kept) => kept.lane === lane && kept.at === at);
    if (mark === undefined) {
      mark = { lane, at, durable };
      this.#marks.push(mark);
    }
    mark.durable = Math.max(mark.durable, durable);
    this.#dirtyMarks.add(mark);
  }

  /** The last batch that has been durable for 24 hours; 0 when there is none. */
  freeable(lane: Lane, now: EpochMs): number {
    const through = this.#marks.reduce(
      (most, mark) => (isOld(mark, lane, now) ? Math.max(most, mark.durable) : most),
      0,
    );
    return Math.min(through, this.row(lane).durable);
  }

  /** Everything freeable has been freed: the marks that said so are done. */
  forgetOldMarks(lane: Lane, now: EpochMs, store: BatchStore): void {
    const old = this.#marks.filter((mark) => isOld(mark, lane, now));
    if (old.length === 0) return;
    this.#marks = this.#marks.filter((mark) => !old.includes(mark));
    for (const mark of old) this.#dirtyMarks.delete(mark);
    store.deleteMarks(lane, now - KEEP_ACKED_MS + 1, Number.MAX_SAFE_INTEGER);
  }

  /** Writes what changed; called inside each transaction. */
  save(store: BatchStore): void {
    for (const [i, row] of this.#rows.entries()) {
      const saved = this.#saved[i];
      if (saved !== undefined && isSame(row, saved)) continue;
      store.saveLane(row);
    }
    for (const mark of this.#dirtyMarks) store.saveMark(mark);
  }

  /** The transaction of the last save is on disk. */
  committed(): void {
    this.#saved = this.#rows.map((row) => ({ ...row }));
    this.#dirtyMarks.clear();
  }

  /** What numbers and sizes were, for a transaction that fails; watermarks are the console's and stay. */
  snapshot(): () => void {
    const before = this.#rows.map(({ next, batches, bytes }) => ({ next, batches, bytes }));
    return () => {
      for (const [i, row] of this.#rows.entries()) Object.assign(row, before[i]);
    };
  }
}

const isOld = (mark: AckMark, lane: Lane, now: EpochMs): boolean =>
  mark.lane === lane && mark.at <= now - KEEP_ACKED_MS;

const isSame = (a: LaneRow, b: LaneRow): boolean =>
  a.next === b.next &&
  a.received === b.received &&
  a.durable === b.durable &&
  a.batches === b.batches &&
  a.bytes === b.bytes;
