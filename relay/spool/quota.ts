// What goes when the spool is over its quota: first what the console has, then backlog, then live samples, by whole hours.
import type { EpochMs } from '#shared/base/clock.ts';
import { LANES, type Lane } from '#shared/protocol/lane.ts';
import type { BatchStore } from './batch-store.ts';
import type { LaneBook } from './lane-book.ts';

export interface QuotaDeps {
  store: BatchStore;
  book: LaneBook;
  now: EpochMs;
  /** Told of each whole hour of a lane that is gone: its delta chain cannot go on. */
  onHourGone: (lane: Lane, hour: number) => void;
}

/** Lanes whose undelivered batches may be lost, in the order they are lost. Outcomes and alerts never are. */
const LOSSY = [3, 2] as const satisfies readonly Lane[];

/** Frees hours until at most `limitBytes` are in use. False: only what may not be lost is left. Gives how much was truly lost. */
export function makeRoom(limitBytes: number, deps: QuotaDeps): { hasRoom: boolean; lost: number } {
  let lost = 0;
  // Each round removes at least one batch, so this ends.
  while (deps.store.usedBytes() > limitBytes) {
    if (freeOldestDurable(deps)) continue;
    const dropped = dropOldestHour(deps);
    if (dropped === undefined) return { hasRoom: false, lost };
    lost += dropped;
  }
  return { hasRoom: true, lost };
}

/** Frees the oldest hour of batches the console holds durably; no loss, they were kept for its restore only. */
function freeOldestDurable({ store, book, now }: QuotaDeps): boolean {
  const oldest = LANES.flatMap((lane) => {
    const first = store.oldest(lane);
    return first !== undefined && first.seq <= book.row(lane).durable ? [{ lane, hour: first.hour }] : [];
  }).sort((a, b) => a.hour - b.hour || b.lane - a.lane)[0];
  if (oldest === undefined) return false;
  const { lane, hour } = oldest;
  book.remove(lane, store.dropHour(lane, hour, book.row(lane).durable, 'not-kept', now));
  return true;
}

function dropOldestHour({ store, book, now, onHourGone }: QuotaDeps): number | undefined {
  for (const lane of LOSSY) {
    const first = store.oldest(lane);
    if (first === undefined) continue;
    const removed = store.dropHour(lane, first.hour, Number.MAX_SAFE_INTEGER, 'quota', now);
    book.remove(lane, removed);
    onHourGone(lane, first.hour);
    return removed.n;
  }
  return undefined;
}
