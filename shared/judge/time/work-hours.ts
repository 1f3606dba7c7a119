// Hours of the week in a time zone: whether it is now one of them, when they are without holidays, and when so much of them has passed.
import type { EpochMs } from '#shared/base/clock.ts';
import { WEEKDAYS, type WeeklyHours } from '#shared/model/grant.ts';
import { clipped, joined, type Span, without } from './span.ts';
import { DAY_MS, dayOf, instantOf, MINUTE_MS, readWall, wallAt, weekdayOf, writeWall } from './zone-time.ts';

export interface WorkHours {
  zone: string;
  spans: WeeklyHours['spans'];
  /** Dates of the zone, "2026-12-25": no hour of theirs is one of work. */
  holidays: readonly string[];
}

const minuteOfDay = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

/** The whole day of a zone, 23 to 25 hours; undefined for no date. */
export function daySpan(zone: string, date: string): Span | undefined {
  const wall = readWall(`${date}T00:00:00`);
  if (wall === undefined) return undefined;
  return { from: instantOf(zone, wall), to: instantOf(zone, wall + DAY_MS) };
}

const dateOfDay = (day: number): string => writeWall(day * DAY_MS).slice(0, 10);

/** As it is on one day of the zone, counted from 1970. Ends at or before its beginning: it ends on the next day. */
function spanOn(zone: string, { from: begin, until }: WeeklyHours['spans'][number], day: number): Span {
  const length = minuteOfDay(until) - minuteOfDay(begin);
  const wall = day * DAY_MS + minuteOfDay(begin) * MINUTE_MS;
  const end = wall + length * MINUTE_MS + (length > 0 ? 0 : DAY_MS);
  return { from: instantOf(zone, wall), to: instantOf(zone, end) };
}

const isOn = ({ days }: WeeklyHours['spans'][number], day: number): boolean =>
  days.some((name) => WEEKDAYS.indexOf(name) === weekdayOf(day));

/** Cheap: grants and routes ask at each request. */
export function isWithinHours({ timeZone, spans }: WeeklyHours, now: EpochMs): boolean {
  const today = dayOf(wallAt(timeZone, now));
  // Yesterday's may end today; where clocks go back over midnight, tomorrow's has begun once already.
  return [today - 1, today, today + 1].some((day) =>
    spans.some((one) => {
      if (!isOn(one, day)) return false;
      const { from, to } = spanOn(timeZone, one, day);
      return from <= now && now < to;
    }),
  );
}

/** Those in [from, to), in order. */
export function workSpans({ zone, spans, holidays }: WorkHours, from: EpochMs, to: EpochMs): Span[] {
  const found: Span[] = [];
  // A day before: hours that end on the next day. Two after: the zone may be a day ahead.
  for (let day = dayOf(from) - 2; day <= dayOf(to) + 2; day += 1)
    for (const one of spans) if (isOn(one, day)) found.push(spanOn(zone, one, day));
  // No zone's date is further from UTC's than a day.
  const [first, last] = [dateOfDay(dayOf(from) - 2), dateOfDay(dayOf(to) + 2)];
  const free = holidays
    .filter((date) => date >= first && date <= last)
    .map((date) => daySpan(zone, date))
    .filter((span) => span !== undefined);
  return clipped(without(joined(found), joined(free)), from, to);
}

export const isWorkTime = (hours: WorkHours, at: EpochMs): boolean => workSpans(hours, at, at + 1).length > 0;

/** Half a year: who has no hour of work in it has none. */
const MAX_DAYS = 184;
/** Looked at together: most waits end within two days. */
const STEP_DAYS = 2;

/**
 * When `ms` of work have passed since `from`; for 0 the first moment of work. Undefined where there are too few hours, half a year on.
 */
export function workedUntil(hours: WorkHours, from: EpochMs, ms: number): EpochMs | undefined {
  let left = ms;
  for (let day = 0; day < MAX_DAYS; day += STEP_DAYS) {
    const begin = from + day * DAY_MS;
    for (const span of workSpans(hours, begin, begin + STEP_DAYS * DAY_MS)) {
      const length = span.to - span.from;
      if (left <= length) return span.from + left;
      left -= length;
    }
  }
  return undefined;
}
