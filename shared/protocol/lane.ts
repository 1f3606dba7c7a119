// The four lanes of the stream, each with its own sequence. A batch gets its lane when it is written and never changes it.
import { z } from 'zod';

/** 0: command outcomes and audit. 1: alerts and state. 2: live samples. 3: backlog and inventory. */
export const Lane = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]);
export type Lane = z.infer<typeof Lane>;
export const LANES = [0, 1, 2, 3] as const satisfies readonly Lane[];

/** Sequence numbers begin at 1 in every epoch and lane; 0 means "none yet". */
export const Seq = z.int().nonnegative();

/** `received`: stored. `durable`: stored in its final place; the relay frees nothing above it. received >= durable. */
export const Watermark = z.strictObject({ lane: Lane, received: Seq, durable: Seq });
export type Watermark = z.infer<typeof Watermark>;
