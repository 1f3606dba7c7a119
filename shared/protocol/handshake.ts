// HELLO and WELCOME: who speaks which protocol, where each lane stands, and how much may be in flight.
import { z } from 'zod';
import { Credits } from './batch.ts';
import { Lane, Seq, Watermark } from './lane.ts';

export const Hello = z.strictObject({
  protoMin: z.int().min(1),
  protoMax: z.int().min(1),
  /** Release of the relay's software, for people. */
  version: z.string().max(64),
  /** Identity of the spool (UUID): a new disk is a new epoch, and sequences begin again. */
  epoch: z.uuid(),
  /** `oldest`: first batch still kept (next when empty). `next`: number the next batch will get. */
  lanes: z.array(z.strictObject({ lane: Lane, oldest: Seq.min(1), next: Seq.min(1) })).length(4),
  /** Version of the roster and charter the relay holds; 0 for none. */
  rosterVersion: z.int().nonnegative(),
  charterVersion: z.int().nonnegative(),
  /** The relay's wall time, for skew; and its monotonic time, for people reading logs. */
  wall: z.int(),
  mono: z.number(),
  hostname: z.string().max(253),
});
export type Hello = z.infer<typeof Hello>;

export const Welcome = z.strictObject({
  proto: z.int().min(1),
  /** Identity of the console's database state: changes when it was restored from a backup. */
  incarnation: z.uuid(),
  lanes: z.array(Watermark).length(4),
  credits: Credits,
  /** Backlog (P3) batches a second the console wants at most. */
  catchUpPerSecond: z.int().min(1),
  serverTime: z.int(),
});
export type Welcome = z.infer<typeof Welcome>;
