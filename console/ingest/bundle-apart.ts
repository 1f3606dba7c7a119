// A bundle that cannot be stored as one: part of it is here already, or one of its batches does not read. It is taken apart.
import { partsOf } from '#shared/codec/bundle.ts';
import type { Batch } from '#shared/protocol/batch.ts';
import { batchCrc } from '#shared/protocol/batch-crc.ts';

/** Undoes the commit; the bundle comes again batch by batch. */
export class TakeApart extends Error {}

/** First and last number of a batch, which may be a bundle. */
export const spanOf = ({ from, seq }: Pick<Batch, 'from' | 'seq'>): { from: number; to: number } => ({
  from: from ?? seq,
  to: seq,
});

/** The batches of a bundle, each as it was made; undefined when they are not as many as their numbers. */
export function takenApart({ lane, seq, from = seq, kind, hour, data }: Batch): Batch[] | undefined {
  const parts = partsOf(data);
  if (parts.length !== seq - from + 1) return undefined;
  return parts.map((part, i) => {
    const batch = { lane, seq: from + i, kind, hour, n: part.n, data: part.data };
    return { ...batch, crc: batchCrc(batch) };
  });
}
