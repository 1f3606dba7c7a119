// Turns of being on call laid out in weeks of a time zone: each a bar from day to day, also where a day has 23 or 25 hours.
import { DAY_MS, dayOf, instantOf, wallAt, weekdayOf } from '#shared/judge/time/zone-time.ts';

export interface Turn {
  contact: string;
  name: string;
  from: number;
  until: number;
  because: string;
}

export interface Bar {
  turn: Turn;
  /** In days from the week's Monday, 0 to 7. */
  from: number;
  until: number;
  /** It goes on in the week before, or after. */
  isOpenBefore: boolean;
  isOpenAfter: boolean;
}

export interface Week {
  /** Midnights of its days, and that of the next Monday: eight moments. */
  days: number[];
  bars: Bar[];
}

const WEEK_DAYS = 7;

/** The midnight that begins the zone's Monday at or before a moment. */
export function mondayOf(zone: string, at: number): number {
  const day = dayOf(wallAt(zone, at));
  return instantOf(zone, (day - weekdayOf(day)) * DAY_MS);
}

/** A Monday so many weeks away, whatever the clocks do meanwhile. */
export function weeksFrom(zone: string, monday: number, weeks: number): number {
  const day = dayOf(wallAt(zone, monday));
  return instantOf(zone, (day + weeks * WEEK_DAYS) * DAY_MS);
}

/** Where in a week a moment stands: 1.5 is noon of Tuesday, on a day of 24 hours. */
function placeOf(days: readonly number[], at: number): number {
  const index = days.findLastIndex((midnight) => midnight <= at);
  const [from, until] = [days[index] ?? 0, days[index + 1]];
  if (index < 0) return 0;
  return until === undefined ? WEEK_DAYS : index + (at - from) / (until - from);
}

export function weeksOf(
  zone: string,
  monday: number,
  { weeks, turns }: { weeks: number; turns: readonly Turn[] },
): Week[] {
  const first = dayOf(wallAt(zone, monday));
  return Array.from({ length: weeks }, (_, week) => {
    const days = Array.from({ length: WEEK_DAYS + 1 }, (_unused, day) =>
      instantOf(zone, (first + week * WEEK_DAYS + day) * DAY_MS),
    );
    const [begin = 0, end = 0] = [days[0], days[WEEK_DAYS]];
    const bars = turns
      .filter(({ from, until }) => from < end && until > begin)
      .map(
        (turn): Bar => ({
          turn,
          from: placeOf(days, Math.max(turn.from, begin)),
          until: placeOf(days, Math.min(turn.until, end)),
          isOpenBefore: turn.from < begin,
          isOpenAfter: turn.until > end,
        }),
      );
    return { days, bars };
  });
}

/** Which of so many colours somebody has: the same one wherever they stand. */
export function colourOf(people: readonly string[], contact: string, colours: number): number {
  return Math.max(0, people.indexOf(contact)) % colours;
}
