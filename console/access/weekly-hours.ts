// Whether a moment lies within hours of the week, as the clocks of a time zone show them.
import { WEEKDAYS, type Weekday, type WeeklyHours } from '#shared/model/grant.ts';

const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;

/** Making one costs a millisecond, and every request may ask. There are some 600 zones. */
const CLOCKS = new Map<string, Intl.DateTimeFormat>();
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = CLOCKS.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  CLOCKS.set(timeZone, made);
  return made;
}

const isWeekday = (text: string): text is Weekday => WEEKDAYS.some((day) => day === text);

/** Minutes since Monday began. */
function minuteOfWeek(now: number, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(now);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  const day = part('weekday').slice(0, 3).toLowerCase();
  const at = isWeekday(day) ? WEEKDAYS.indexOf(day) : 0;
  return at * DAY_MINUTES + Number(part('hour')) * 60 + Number(part('minute'));
}

const minuteOfDay = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

export function isWithinHours({ timeZone, spans }: WeeklyHours, now: number): boolean {
  const minute = minuteOfWeek(now, timeZone);
  return spans.some(({ days, from, until }) =>
    days.some((day) => {
      const begin = WEEKDAYS.indexOf(day) * DAY_MINUTES + minuteOfDay(from);
      const length = minuteOfDay(until) - minuteOfDay(from);
      const since = (minute - begin + WEEK_MINUTES) % WEEK_MINUTES;
      // Ends at or before its beginning: it ends on the next day.
      return since < (length > 0 ? length : length + DAY_MINUTES);
    }),
  );
}
