// What is said of the age of a poll: React's pages and the fleet's own rows say the same.
import { duration, shortDuration } from '#console/web/src/text/format.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import { t } from './text.ts';

/** Two missed polls and the time one takes. */
export const staleAfterMs = (intervalMs: number): number => 2.5 * intervalMs + 5_000;

export interface AgeLook {
  text: string;
  /** Older than it should be: a clock and words say so too, not the colour alone. */
  isStale: boolean;
  tone: string;
}

export function ageLook(at: number, now: number, intervalMs: number): AgeLook {
  const age = Math.max(0, now - at);
  const isStale = age > staleAfterMs(intervalMs);
  const text = age < 5_000 ? t('now') : shortDuration(age);
  return { text, isStale, tone: `whitespace-nowrap ${isStale ? 'text-changed' : 'text-muted'}` };
}

/** The time itself, for machines. */
export const takenAt = (at: number): string => new Date(at).toISOString();

/** The time itself, for who asks. */
export const titleOf = ({ at, intervalMs }: { at: number; intervalMs: number }): string =>
  t('lastPolled', { time: fullTime(at), interval: duration(intervalMs) });

export const neverText = (): string => t('never');
export const staleText = (age: string): string => t('agoStale', { age });
