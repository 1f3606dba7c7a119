// Times in the zone of the person who looks, always 24 h, in the page's language, and the name of that zone.
import { locale } from '#console/web/src/i18n/language.ts';
import { UNKNOWN } from './format.ts';
import { madeOnce } from './made-once.ts';

export const timeZone: string = Intl.DateTimeFormat().resolvedOptions().timeZone;

const at = (options: Intl.DateTimeFormatOptions) =>
  madeOnce(() => new Intl.DateTimeFormat(locale, { hourCycle: 'h23', ...options }));
const minuteFormat = at({ hour: '2-digit', minute: '2-digit' });
const secondFormat = at({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayFormat = at({ day: 'numeric', month: 'short' });
const dateFormat = at({ day: 'numeric', month: 'short', year: 'numeric' });
const fullFormat = at({
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const agoFormat = madeOnce(() => new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'auto' }));

/** "UTC+2": said beside every clock, because technicians and sites are far apart. */
export const zoneOffset: string = offsetText(-new Date().getTimezoneOffset());

/** East of Greenwich in minutes. */
export function offsetText(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  if (hours === 0 && rest === 0) return 'UTC';
  return `UTC${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

export const minuteOf = (time: number): string => minuteFormat().format(time);
export const secondOf = (time: number): string => secondFormat().format(time);
export const dayOf = (time: number): string => dayFormat().format(time);
/** "5 Jan 2026"; NaN is unknown. */
export const dateOf = (time: number): string => (Number.isNaN(time) ? UNKNOWN : dateFormat().format(time));
export const fullTime = (time: number): string => fullFormat().format(time);

/** The time alone for today, with its day before that. */
export const timeOrDay = (time: number, now: number): string =>
  dayOf(time) === dayOf(now) ? secondOf(time) : `${dayOf(time)}, ${minuteOf(time)}`;

const STEPS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** "5 min ago", "in 2 hr", "yesterday": a time as its distance from now, in words. */
export function agoText(time: number, now: number): string {
  const ms = time - now;
  const [unit, size] = STEPS.find(([, step]) => Math.abs(ms) >= step) ?? (['second', 1_000] as const);
  return agoFormat().format(Math.trunc(ms / size), unit);
}
