// Times in the zone of the person who looks, always 24 h, and the name of that zone.

export const timeZone: string = Intl.DateTimeFormat().resolvedOptions().timeZone;

const at = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', { hourCycle: 'h23', ...options });
const minuteFormat = at({ hour: '2-digit', minute: '2-digit' });
const secondFormat = at({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayFormat = at({ day: 'numeric', month: 'short' });
const fullFormat = at({
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** "UTC+2": said beside every clock, because technicians and sites are far apart. */
export const zoneOffset: string =
  new Intl.DateTimeFormat('en-GB', { timeZoneName: 'shortOffset' })
    .formatToParts()
    .find((part) => part.type === 'timeZoneName')
    ?.value.replace('GMT', 'UTC') ?? 'UTC';

export const minuteOf = (time: number): string => minuteFormat.format(time);
export const secondOf = (time: number): string => secondFormat.format(time);
export const dayOf = (time: number): string => dayFormat.format(time);
export const fullTime = (time: number): string => fullFormat.format(time);

/** The time alone for today, with its day before that. */
export const timeOrDay = (time: number, now: number): string =>
  dayOf(time) === dayOf(now) ? secondOf(time) : `${dayOf(time)}, ${minuteOf(time)}`;
