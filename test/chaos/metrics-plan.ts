// What the killed console of `chaos metrics` is given, batch after batch: whoever knows a batch's number knows all of its polls.
import { HOUR_MS } from '#shared/base/clock.ts';
import { DeltaEncoder } from '#shared/codec/delta-encoder.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { Batch } from '#shared/protocol/batch.ts';
import { batchOf, deviceNo, HOUR, pollNo } from '#test/fixtures/stream-kit.ts';

export const LANE = 2;
export const BATCHES_AN_HOUR = 2;
const POLLS = 3;
export const DEVICES = [deviceNo(1), deviceNo(2)];
/** Days that stay, the open one among them. */
export const KEPT_DAYS = 4;

export const hourOfBatch = (n: number): number => HOUR + Math.floor((n - 1) / BATCHES_AN_HOUR);

/** Values rise with the batch's number, so that a row of another batch is not taken for it. */
export function pollsOfBatch(n: number): PollRecord[] {
  const hour = hourOfBatch(n);
  const first = ((n - 1) % BATCHES_AN_HOUR) * POLLS;
  return Array.from({ length: POLLS }, (_, i) => {
    const { series, at } = pollNo(DEVICES[0] ?? deviceNo(1), first + i, hour);
    return DEVICES.map((device, d) => ({ device, at: at + d, series, values: [n, 1_000 * n + i, n * 10_000 + i] }));
  }).flat();
}

/** The hour's batches from its first on: a chain is one thing. */
export function batchesOfHour(hour: number): Batch[] {
  const encoder = new DeltaEncoder(hour);
  const first = (hour - HOUR) * BATCHES_AN_HOUR + 1;
  return Array.from({ length: BATCHES_AN_HOUR }, (_, i) => {
    for (const poll of pollsOfBatch(first + i)) encoder.add(poll);
    const { data, samples } = encoder.take();
    return batchOf(LANE, first + i, 'samples', data, samples, hour);
  });
}

/** By their end: an hour is due some minutes after it. */
export const dueTime = (hour: number): number => (hour + 1) * HOUR_MS + 700_000;

export const STAGES = ['receiving', 'sealing', 'rolling-up', 'archiving', 'retaining'] as const;
export type Stage = (typeof STAGES)[number];
