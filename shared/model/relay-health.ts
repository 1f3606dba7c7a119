// What a relay says of itself every ten seconds while it is linked: the present only, never stored.
import { z } from 'zod';

const Ratio = z.number().min(0);
const Count = z.int().nonnegative();

export const RelayHealth = z.strictObject({
  /** The relay's own time. */
  at: Count,
  uptimeMs: Count,
  /** Of one core, over the last interval; above 1 with several. */
  cpuRatio: Ratio,
  rssBytes: Count,
  heapBytes: Count,
  /** Of the disk its data folder is on, where the system says. */
  diskFreeBytes: Count.optional(),
  spoolBytes: Count,
  spoolQuotaBytes: Count,
  devices: Count,
  /** Devices whose last poll failed. */
  failing: Count,
  /** Devices whose turn has come and that wait for a free place. */
  pollsDue: Count,
  pollsPerMinute: Count,
  /** How late polls start, 95th percentile of the last minute. */
  pollLagMs: Count,
  /** `kept`: batches that wait until the console has them for good. */
  lanes: z.array(z.strictObject({ lane: z.int().min(0).max(3), kept: Count })).max(4),
  nodeVersion: z.string().regex(/^[\w.+-]{1,40}$/),
  certificateExpiresAt: Count.optional(),
  /** Since when it takes no orders, because a guardian stopped the site. */
  frozenAt: Count.optional(),
  /** Until when a person at the relay's own machine may give it orders. Since protocol 4. */
  breakGlassUntil: Count.optional(),
  /** What it keeps of its own site's past. Since protocol 8. */
  history: z.strictObject({ days: Count, bytes: Count }).optional(),
});
export type RelayHealth = z.infer<typeof RelayHealth>;
