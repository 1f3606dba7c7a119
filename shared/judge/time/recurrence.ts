// The rule of a repeated time: the part of RFC 5545's RRULE that calendars write for days, weeks, months and years.
import { DAY_MS, type WallMs } from './zone-time.ts';

export const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** A day of the week; with `nth` one of the month or year, from its end where negative. 0 is Monday. */
export interface RuleDay {
  weekday: number;
  nth: number | undefined;
}

/** Lists are sorted and without doubles; empty: nothing asked. */
export interface Recurrence {
  frequency: Frequency;
  interval: number;
  count: number | undefined;
  /** The last moment that may begin one. A day means its end. */
  until: { wall: WallMs; isUtc: boolean } | undefined;
  months: readonly number[];
  monthDays: readonly number[];
  days: readonly RuleDay[];
  positions: readonly number[];
  /** First day of a week: which weeks every other week are. */
  weekStart: number;
}

export type ReadRecurrence = { ok: true; value: Recurrence } | { ok: false; message: string };

/** More than a person plans; each one is counted from the first on. */
const MAX_COUNT = 10_000;
const MAX_INTERVAL = 1_000;
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const PARTS = [
  ...['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYMONTH'],
  ...['BYMONTHDAY', 'BYDAY', 'BYSETPOS', 'WKST'],
] as const;
type Part = (typeof PARTS)[number];

class Unread extends Error {}
const isPart = (name: string): name is Part => PARTS.some((part) => part === name);

/** Reads "FREQ=WEEKLY;BYDAY=SU"; says in words what it cannot take. */
export function readRecurrence(text: string): ReadRecurrence {
  try {
    return { ok: true, value: recurrenceOf(partsOf(text)) };
  } catch (error) {
    if (error instanceof Unread) return { ok: false, message: error.message };
    throw error;
  }
}

function partsOf(text: string): Map<Part, string> {
  const parts = new Map<Part, string>();
  for (const piece of text.toUpperCase().split(';')) {
    const [name = '', value = '', more] = piece.split('=');
    if (!isPart(name) || value === '' || more !== undefined)
      throw new Unread(`"${piece.slice(0, 40)}" is none of ${PARTS.join(', ')} with a value`);
    if (parts.has(name)) throw new Unread(`${name} stands twice`);
    parts.set(name, value);
  }
  return parts;
}

function recurrenceOf(parts: Map<Part, string>): Recurrence {
  const frequency = FREQUENCIES.find((one) => one === parts.get('FREQ'));
  if (frequency === undefined) throw new Unread(`FREQ must be one of ${FREQUENCIES.join(', ')}`);
  if (parts.has('COUNT') && parts.has('UNTIL')) throw new Unread('COUNT and UNTIL exclude each other');
  const count = parts.get('COUNT');
  const rule: Recurrence = {
    frequency,
    interval: whole('INTERVAL', parts.get('INTERVAL') ?? '1', 1, MAX_INTERVAL),
    count: count === undefined ? undefined : whole('COUNT', count, 1, MAX_COUNT),
    until: untilOf(parts.get('UNTIL')),
    months: numbers('BYMONTH', parts, 1, 12),
    monthDays: numbers('BYMONTHDAY', parts, -31, 31),
    days: (parts.get('BYDAY')?.split(',') ?? []).map(dayOfRule),
    positions: numbers('BYSETPOS', parts, -366, 366),
    weekStart: weekdayOfRule(parts.get('WKST') ?? 'MO'),
  };
  refuseOdd(rule);
  return rule;
}

function refuseOdd({ frequency, days, monthDays, months, positions }: Recurrence): void {
  const hasNth = days.some(({ nth }) => nth !== undefined);
  if (hasNth && (frequency === 'DAILY' || frequency === 'WEEKLY'))
    throw new Unread('BYDAY counts days of the month or year: it needs FREQ=MONTHLY or YEARLY');
  if (frequency === 'WEEKLY' && monthDays.length > 0) throw new Unread('BYMONTHDAY does not go with FREQ=WEEKLY');
  if (positions.length > 0 && days.length === 0 && monthDays.length === 0 && months.length === 0)
    throw new Unread('BYSETPOS chooses among BYDAY, BYMONTHDAY or BYMONTH: none is given');
}

function whole(name: Part, text: string, min: number, max: number): number {
  const value = /^[+-]?\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max) || (min < 0 && value === 0))
    throw new Unread(`${name} must be a number from ${min} to ${max}, "${text.slice(0, 20)}" is none`);
  return value;
}

const numbers = (name: Part, parts: Map<Part, string>, min: number, max: number): number[] =>
  [...new Set((parts.get(name)?.split(',') ?? []).map((text) => whole(name, text, min, max)))].sort((a, b) => a - b);

function weekdayOfRule(text: string): number {
  const at = WEEKDAYS.indexOf(text);
  if (at < 0) throw new Unread(`"${text.slice(0, 20)}" is no day of the week: ${WEEKDAYS.join(', ')}`);
  return at;
}

function dayOfRule(text: string): RuleDay {
  const weekday = weekdayOfRule(text.slice(-2));
  const nth = text.slice(0, -2);
  return { weekday, nth: nth === '' ? undefined : whole('BYDAY', nth, -53, 53) };
}

/** "20261231" is its whole day, "20261231T235959" a time of the zone, with Z of UTC. */
function untilOf(text: string | undefined): Recurrence['until'] {
  if (text === undefined) return undefined;
  const read = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/.exec(text);
  if (read === null)
    throw new Unread(`UNTIL must be such as 20261231 or 20261231T220000Z, "${text.slice(0, 20)}" is not`);
  const [, year, month, day, hour, minute, second, zulu] = read;
  const begin = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (hour === undefined) return { wall: begin + DAY_MS - 1, isUtc: false };
  const wall = begin + (Number(hour) * 3_600 + Number(minute) * 60 + Number(second)) * 1_000;
  return { wall, isUtc: zulu !== undefined };
}
