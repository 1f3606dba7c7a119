// How long one may be silent about an incident, chosen from what makes sense.
import { duration } from '#console/web/src/text/format.ts';
import { t } from './text.ts';

const HOUR_MS = 3_600_000;
/** A coffee, a meeting, a shift, a day, a week. */
export const SNOOZES: readonly number[] = [HOUR_MS / 2, HOUR_MS, 8 * HOUR_MS, 24 * HOUR_MS, 168 * HOUR_MS];

export const snoozeText = (forMs: number): string => t('snoozeFor', { time: duration(forMs) });
