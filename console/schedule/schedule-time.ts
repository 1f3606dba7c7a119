// When a job is due: a minute of the day in UTC, every day or on one day of the week.
import { z } from 'zod';

export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

export const JobTime = z.strictObject({
  /** "02:40", UTC. */
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of the day such as "02:40"'),
  on: z.enum(['day', ...WEEKDAYS]).default('day'),
});
export type JobTime = z.infer<typeof JobTime>;

const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 4;

export const minutesOf = ({ at }: JobTime): { hour: number; minute: number } => ({
  hour: Number(at.slice(0, 2)),
  minute: Number(at.slice(3)),
});

const isOn = (time: JobTime, day: number): boolean =>
  time.on === 'day' || WEEKDAYS[(day + FIRST_WEEKDAY) % 7] === time.on;

function ofDay(time: JobTime, day: number): number {
  const { hour, minute } = minutesOf(time);
  return day * DAY_MS + (hour * 60 + minute) * 60_000;
}

/** The first time it is due after `now`. */
export function nextDue(time: JobTime, now: number): number {
  for (let day = Math.floor(now / DAY_MS); ; day += 1) {
    const due = ofDay(time, day);
    if (due > now && isOn(time, day)) return due;
  }
}

/** The last time it was due, at `now` or before. */
export function lastDue(time: JobTime, now: number): number {
  for (let day = Math.floor(now / DAY_MS); ; day -= 1) {
    const due = ofDay(time, day);
    if (due <= now && isOn(time, day)) return due;
  }
}

export const describeTime = (time: JobTime): string =>
  `${time.at} UTC every ${time.on === 'day' ? 'day' : `${time.on.slice(0, 1).toUpperCase()}${time.on.slice(1)}`}`;
