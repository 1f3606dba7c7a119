// Days as people at a place have them, made of whole hours: 23, 24 or 25 of them.
import { HOUR_MS } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';

/** Throws `bad-request` for a zone that nobody knows. */
function dayFormat(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  } catch {
    throw new AppError('bad-request', `no time zone is called "${zone.slice(0, 40)}"`);
  }
}

export interface LocalDay {
  /** The first hour, and the one after the last. */
  from: number;
  to: number;
}

/**
 * The local days of [from, to), in hours since 1970. An hour belongs to the day in which its middle lies: where midnight is on a half or
 * a quarter of an hour UTC, the hour around it goes to one of the two days as a whole, and no hour is in two days or in none.
 */
export function localDays(zone: string, from: number, to: number): LocalDay[] {
  const format = dayFormat(zone);
  const dayAt = (hour: number) => format.format((hour + 0.5) * HOUR_MS);
  const days: LocalDay[] = [];
  for (let begin = from; begin < to; ) {
    const day = dayAt(begin);
    // No day has more hours, and days do not come back.
    let end = Math.min(begin + 1, to);
    while (end < to && dayAt(end) === day) end += 1;
    days.push({ from: begin, to: end });
    begin = end;
  }
  return days;
}
