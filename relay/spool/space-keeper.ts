// Keeps the spool within its quota and alive on a full disk, and frees what the console has held durably for a day.
import type { EpochMs } from '#shared/base/clock.ts';
import { LANES } from '#shared/protocol/lane.ts';
import type { Ballast } from '#shared/runtime/ballast.ts';
import type { OpenedSpool } from './opened-spool.ts';
import { makeRoom } from './quota.ts';
import type { SampleChains } from './sample-chains.ts';

/** Kept free of samples for outcomes and alerts, at most; an eighth of a small quota. Some 10,000 of them fit. */
const RESERVE_BYTES = 16 * 1024 * 1024;
/** A file that refuses pages this far below its quota stands on a full disk. */
const NEAR_QUOTA_BYTES = 1024 * 1024;
/** Batches freed a minute: 100 times what a full site writes, and no more than some 50 ms of work. */
const FREED_PER_ROUND = 5_000;
/** Receipts of losses outlive any backup a console is restored from. */
const KEEP_GAPS_MS = 31 * 86_400_000;

export class SpaceKeeper {
  readonly #quotaBytes: number;
  readonly #ballast: Ballast;
  readonly #chains: SampleChains;
  /** While the disk is full the file may not grow: what it has is the quota. */
  #diskLimitBytes: number | undefined;

  constructor(deps: { quotaBytes: number; ballast: Ballast; chains: SampleChains }) {
    this.#quotaBytes = deps.quotaBytes;
    this.#ballast = deps.ballast;
    this.#chains = deps.chains;
  }

  get isDiskFull(): boolean {
    return this.#diskLimitBytes !== undefined;
  }

  /** Drops whole hours until samples have room. False: only outcomes and alerts are left, no sample may be written. */
  makeRoom({ store, book }: OpenedSpool, now: EpochMs): { hasRoom: boolean; lost: number } {
    const limit = this.#limitBytes();
    if (store.usedBytes() <= limit) return { hasRoom: true, lost: 0 };
    return this.#together({ store, book }, () =>
      makeRoom(limit, { store, book, now, onHourGone: (lane, hour) => this.#chains.restart(lane, hour) }),
    );
  }

  /** The engine had no page to give: finds out whether quota or disk is full, and makes room. Gives what was lost by it. */
  relieve(opened: OpenedSpool, now: EpochMs): number {
    const fileBytes = opened.store.fileBytes();
    if (fileBytes + Math.min(NEAR_QUOTA_BYTES, this.#quotaBytes / 8) < this.#quotaBytes) {
      this.#ballast.release();
      this.#diskLimitBytes = fileBytes;
    }
    return this.makeRoom(opened, now).lost;
  }

  keepHouse(opened: OpenedSpool, now: EpochMs): void {
    this.#together(opened, () => this.#freeOld(opened, now));
    if (this.#ballast.restore()) this.#diskLimitBytes = undefined;
  }

  #freeOld({ store, book }: OpenedSpool, now: EpochMs): void {
    for (const lane of LANES) {
      const removed = store.dropThrough(lane, book.freeable(lane, now), FREED_PER_ROUND, now);
      book.remove(lane, removed);
      if (removed.batches < FREED_PER_ROUND) book.forgetOldMarks(lane, now, store);
      store.pruneGaps(lane, book.row(lane).durable, now - KEEP_GAPS_MS);
    }
  }

  #limitBytes(): number {
    const bytes = Math.min(this.#quotaBytes, this.#diskLimitBytes ?? this.#quotaBytes);
    return bytes - Math.min(RESERVE_BYTES, bytes / 8);
  }

  /** One transaction over tables and book; a failed one leaves both as they were. */
  #together<T>({ store, book }: Pick<OpenedSpool, 'store' | 'book'>, work: () => T): T {
    const undo = book.snapshot();
    try {
      const result = store.db
        .transaction(() => {
          const value = work();
          book.save(store);
          return value;
        })
        .immediate();
      book.committed();
      return result;
    } catch (error) {
      undo();
      throw error;
    }
  }
}
