// Reads a lane in order from any number: batches as they were written, gaps where there are none, damage found on the way.
import type { Batch, Gap } from '#shared/protocol/batch.ts';
import type { Lane } from '#shared/protocol/lane.ts';
import type { BatchStore, StoredBatch, StoredGap } from './batch-store.ts';

export type SpoolItem = { batch: Batch } | { gap: Gap };

export interface ReadDeps {
  store: BatchStore;
  /** One past the lane's last number. */
  next: number;
  isIntact: (batch: StoredBatch) => boolean;
  /** Moves the batch to quarantine; afterwards its number reads as a gap. */
  onDamaged: (batch: StoredBatch) => void;
}

export interface ReadBounds {
  maxBatches: number;
  maxBytes: number;
}

/** At least one item unless the lane ends at `seq`, so that a batch over `maxBytes` still moves. */
export function readLane(lane: Lane, seq: number, bounds: ReadBounds, deps: ReadDeps): SpoolItem[] {
  const items: SpoolItem[] = [];
  let bytes = 0;
  let at = Math.max(1, seq);
  while (at < deps.next && items.length < bounds.maxBatches) {
    const item = itemAt(lane, at, deps);
    if ('batch' in item) {
      bytes += item.batch.data.length;
      if (items.length > 0 && bytes > bounds.maxBytes) break;
      at = item.batch.seq + 1;
    } else at = item.gap.to + 1;
    items.push(item);
  }
  return items;
}

/** What stands at number `at`, which is below `next`. */
function itemAt(lane: Lane, at: number, deps: ReadDeps): SpoolItem {
  const batch = deps.store.batchAt(lane, at);
  if (batch?.seq === at) {
    if (deps.isIntact(batch)) return { batch: toWire(batch) };
    deps.onDamaged(batch);
  }
  const gap = deps.store.gapAt(lane, at);
  if (gap !== undefined && gap.from <= at) return { gap: fromHere(gap, at) };
  // Nothing is known of this number: receipts older than a month are gone, or the file lost rows.
  const end = Math.min(batch?.seq ?? deps.next, gap?.from ?? deps.next, deps.next);
  return { gap: { lane, from: at, to: Math.max(at, end - 1), n: 0, reason: 'spool-lost' } };
}

/** A gap read from its middle keeps its whole count: rather one loss counted twice than one not at all. */
const fromHere = ({ hour: _hour, ...gap }: StoredGap, at: number): Gap => ({ ...gap, from: at });

function toWire({ startsChain: _startsChain, ...batch }: StoredBatch): Batch {
  return batch;
}
