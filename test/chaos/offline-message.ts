// What the offline run and the process with its relays tell each other.
import { z } from 'zod';

export const OfflineOrder = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('fill'),
    folders: z.array(z.string()),
    devices: z.int(),
    series: z.int(),
    liveIntervalMs: z.int(),
    from: z.int(),
    to: z.int(),
  }),
  z.strictObject({ kind: z.literal('start') }),
  /** No more polls: what waits is written, and the links go on delivering. */
  z.strictObject({ kind: z.literal('hush') }),
  z.strictObject({ kind: z.literal('stop') }),
]);
export type OfflineOrder = z.infer<typeof OfflineOrder>;

export const OfflineNews = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('filled'), samples: z.int() }),
  z.strictObject({ kind: z.literal('live'), relay: z.int(), seq: z.int(), oldestAt: z.int() }),
  z.strictObject({ kind: z.literal('hushed'), samples: z.int() }),
  z.strictObject({ kind: z.literal('stopped') }),
]);
export type OfflineNews = z.infer<typeof OfflineNews>;
