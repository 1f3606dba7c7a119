// What the clocks of a time zone show at a moment, and which moment it is when they show something.
import type { EpochMs } from '#shared/base/clock.ts';

/** A clock's reading as milliseconds, as if the clock stood at UTC: days and hours in it are plain arithmetic. */
export type WallMs = number;

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** No zone has changed its clocks within a quarter of an hour since 1972. */
const QUARTER_MS = 15 * MINUTE_MS;
/** Of one zone; begun anew beyond: a schedule of a month asks for fewer, and 600 zones take 30 MB at most. */
const MAX_KNOWN = 1_000;

/** Making a format costs a millisecond, and asking it ten thousandths of one: what it said is kept. */
interface ZoneClock {
  format: Intl.DateTimeFormat;
  offsets: Map<number, number>;
}
/** There are some 600 zones, and a name that is none makes none. */
const CLOCKS = new Map<string, ZoneClock>();

function clockOf(zone: string): ZoneClock {
  const known = CLOCKS.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const made = { format, offsets: new Map<number, number>() };
  CLOCKS.set(zone, made);
  return made;
}

export function isZone(zone: string): boolean {
  try {
    clockOf(zone);
    return true;
  } catch {
    return false;
  }
}

function readOffset(format: Intl.DateTimeFormat, at: EpochMs): number {
  const read: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of format.formatToParts(at)) read[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = read;
  return Date.UTC(year, month - 1, day, hour, minute, second) - at;
}

/** What the zone's clocks show; throws a RangeError for a zone that nobody knows. */
export function wallAt(zone: string, at: EpochMs): WallMs {
  const { format, offsets } = clockOf(zone);
  const quarter = Math.floor(at / QUARTER_MS);
  let offset = offsets.get(quarter);
  if (offset === undefined) {
    offset = readOffset(format, quarter * QUARTER_MS);
    if (offsets.size >= MAX_KNOWN) offsets.clear();
    offsets.set(quarter, offset);
  }
  return at + offset;
}

/**
 * When the zone's clocks show `wall`. What they show twice in the night of autumn is the first of both; what they skip in spring is
 * as much later as the clocks were put forward: 02:30 is 03:30 then (RFC 5545, 3.3.5).
 */
export function instantOf(zone: string, wall: WallMs): EpochMs {
  // No two changes of one zone's clocks lie within two days.
  const before = wallAt(zone, wall - DAY_MS) - (wall - DAY_MS);
  const after = wallAt(zone, wall + DAY_MS) - (wall + DAY_MS);
  const shown = [wall - before, wall - after].filter((at) => wallAt(zone, at) === wall);
  return shown.length === 0 ? wall - before : Math.min(...shown);
}

/** Of "2026-11-22T22:00:00"; undefined for what is on no clock, such as the 30th of February. */
export function readWall(text: string): WallMs | undefined {
  const wall = Date.parse(`${text}Z`);
  return Number.isNaN(wall) || new Date(wall).toISOString() !== `${text}.000Z` ? undefined : wall;
}

export const writeWall = (wall: WallMs): string => new Date(wall).toISOString().slice(0, 19);

/** Days since 1970-01-01 on that clock. */
export const dayOf = (wall: WallMs): number => Math.floor(wall / DAY_MS);

/** 0 is Monday; 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;
