// What a relay says of itself while it is linked: the present only, never stored.
import { z } from 'zod';

const Ratio = z.number().min(0);
const Count = z.int().nonnegative();

export const RelayHealth = z.object({
  /** The relay's own time. */
  at: Count,
  uptimeMs: Count,
  /** Of one core, over the last interval; above 1 with several. */
  cpuRatio: Ratio,
  rssBytes: Count,
  diskFreeBytes: Count.optional(),
  spoolBytes: Count,
  spoolQuotaBytes: Count,
  devices: Count,
  /** Devices whose last poll failed. */
  failing: Count,
  pollsPerMinute: Count,
  /** How late polls start, 95th percentile of the last minute. */
  pollLagMs: Count,
  nodeVersion: z.string().max(40),
});
export type RelayHealth = z.infer<typeof RelayHealth>;
