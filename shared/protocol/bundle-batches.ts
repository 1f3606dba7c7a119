// Puts batches that follow one another into one, for the wire and the journal: a backlog then costs a console little more than its samples.
import { bundle, bundledBytes } from '#shared/codec/bundle.ts';
import type { Batch } from './batch.ts';
import { batchCrc } from './batch-crc.ts';

/** What a console decodes in a few milliseconds, and a link of 10 Mb/s carries in 50. */
export const MAX_BUNDLE_BYTES = 64 * 1024;
/** A console reads no more than four times as many values of one frame, unknown ones counted. */
export const MAX_BUNDLE_SAMPLES = 50_000;
/** shared/codec reads four times as many. */
export const MAX_BUNDLE_COUNT = 256;

/** True when `next` may travel with the batches before it, of which `bytes` and `samples` are the sums. */
export function fitsBundle(
  last: Batch,
  next: Batch,
  sums: { count: number; bytes: number; samples: number },
  maxBytes: number = MAX_BUNDLE_BYTES,
): boolean {
  const isNext = next.lane === last.lane && next.seq === last.seq + 1 && next.hour === last.hour;
  const isBoth = last.kind === 'samples' && next.kind === 'samples';
  const hasRoom =
    sums.count < MAX_BUNDLE_COUNT &&
    sums.bytes + bundledBytes(next.data) <= Math.min(maxBytes, MAX_BUNDLE_BYTES) &&
    sums.samples + next.n <= MAX_BUNDLE_SAMPLES;
  return isNext && isBoth && hasRoom;
}

/** One batch of several that fit one another; one alone stays as it is. */
export function bundleBatches(batches: readonly [Batch, ...Batch[]]): Batch {
  const [first] = batches;
  const last = batches.at(-1) ?? first;
  if (batches.length === 1) return first;
  const n = batches.reduce((sum, batch) => sum + batch.n, 0);
  const { lane, kind, hour } = first;
  const whole = { lane, seq: last.seq, from: first.seq, kind, hour, n, data: bundle(batches) };
  return { ...whole, crc: batchCrc(whole) };
}

/** The longest run of batches from `at` on that travels as one. */
export function bundleFrom(
  batches: readonly Batch[],
  at: number,
  maxBytes: number = MAX_BUNDLE_BYTES,
): Batch | undefined {
  const first = batches[at];
  if (first === undefined) return undefined;
  const run: [Batch, ...Batch[]] = [first];
  const sums = { count: 1, bytes: bundledBytes(first.data), samples: first.n };
  for (let i = at + 1; i < batches.length; i += 1) {
    const next = batches[i];
    const last = run.at(-1);
    if (next === undefined || last === undefined || !fitsBundle(last, next, sums, maxBytes)) break;
    run.push(next);
    sums.count += 1;
    sums.bytes += bundledBytes(next.data);
    sums.samples += next.n;
  }
  return bundleBatches(run);
}
