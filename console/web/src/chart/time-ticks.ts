// Words at the times of a chart: the clock for hours, the day for days, and the day again where one begins.
import { dateOf, dayOf, minuteOf, secondOf } from '#console/web/src/text/time.ts';

const DAY_MS = 86_400_000;

const isMidnight = (at: number): boolean => new Date(at).getHours() === 0 && new Date(at).getMinutes() === 0;

/** `splits` are the ticks of one axis. */
export function timeTicks(splits: readonly number[]): string[] {
  const step = (splits[1] ?? 0) - (splits[0] ?? 0);
  // An hour less where the clocks change.
  if (step >= DAY_MS - 3_600_000) return splits.map(dayOf);
  return splits.map((at) => (isMidnight(at) ? dayOf(at) : minuteOf(at)));
}

/** One moment, as exact as its span lets it be. */
export function momentText(at: number, spanMs: number): string {
  if (spanMs <= DAY_MS) return secondOf(at);
  return spanMs <= 60 * DAY_MS ? `${dayOf(at)}, ${minuteOf(at)}` : dateOf(at);
}
