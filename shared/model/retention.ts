// How long metrics are kept: raw values, totals of hours, and the compressed archive of those totals.
import { z } from 'zod';

// Ten years and three leap days: whoever asks for more means for ever, and has to plan a disk for it.
export const MOST_DAYS = 3_653;
const Days = z.int().min(1).max(MOST_DAYS);

export const Retention = z.strictObject({
  /** Raw values, as they were polled. A relay keeps its own site's as long. */
  rawDays: Days.default(30),
  /** Totals of hours as files that open at once; older ones are archived. */
  totalsDays: Days.default(90),
  /** Totals in all, archive included. */
  archiveDays: Days.default(1_095),
});
export type Retention = z.infer<typeof Retention>;

/** Of one customer: what is absent is as for everybody. Totals are archived with everybody's. */
export const RetentionWish = z.object({ rawDays: Days.optional(), archiveDays: Days.optional() });
export type RetentionWish = z.infer<typeof RetentionWish>;
