// BATCH, ACK and GAP: the numbered stream from a relay's spool into the console's database.
import { z } from 'zod';
import { Bytes } from '#shared/base/bytes.ts';
import { Lane, Seq, Watermark } from './lane.ts';

/** The first protocol whose consoles take bundles. */
export const BUNDLE_PROTOCOL = 9;

/** A batch's bytes: 256 KiB is about 150,000 samples, and one frame never stalls a 10 Mb/s link for over 0.3 s. */
export const MAX_BATCH_BYTES = 256 * 1024;

/**
 * One numbered batch. `samples`: a delta frame of shared/codec, all of hour `hour`. `records`: msgpack array of SpoolRecord;
 * a single record over the size limit cannot exist (outputs and facts are cut by their makers).
 * `from`: a bundle (shared/codec/bundle.ts) of the batches `from` to `seq`, all samples of one hour; `n` and `crc` are then of all of them.
 * `crc`: CRC-32 over lane, seq, hour, kind, n and data (batch-crc.ts), made when the batch was written to disk, or bundled after each was compared with its own.
 */
export const Batch = z.strictObject({
  lane: Lane,
  seq: Seq.min(1),
  from: Seq.min(1).optional(),
  kind: z.enum(['samples', 'records']),
  /** UTC hour (epochMs / 3,600,000) of the batch's samples, or of its writing. */
  hour: z.int().nonnegative(),
  /** Samples or records inside, so that a loss can be counted without decoding. */
  n: z.int().nonnegative(),
  crc: z.int().nonnegative(),
  data: Bytes,
});
export type Batch = z.infer<typeof Batch>;

/** How much may be in flight (unacknowledged) at once, over all lanes; whichever bound is met first. */
export const Credits = z.strictObject({ batches: z.int().min(1), bytes: z.int().min(1) });
export type Credits = z.infer<typeof Credits>;

/** Cumulative; sent for lanes that moved. `pace` replaces WELCOME's limits from now on: an overloaded console lowers them. */
export const Ack = z.strictObject({
  lanes: z.array(Watermark).min(1).max(4),
  pace: z.strictObject({ credits: Credits, catchUpPerSecond: z.int().min(1) }).optional(),
});
export type Ack = z.infer<typeof Ack>;

/** Batches `from`..`to` of a lane will never come: `n` samples or records are lost, and this is the receipt. */
export const Gap = z.strictObject({
  lane: Lane,
  from: Seq.min(1),
  to: Seq.min(1),
  n: z.int().nonnegative(),
  reason: z.enum(['quota', 'corrupt', 'not-kept', 'spool-lost']),
});
export type Gap = z.infer<typeof Gap>;
