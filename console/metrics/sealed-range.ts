// The worker's answer to a chart of one device: rows where they are kept and wanted, else totals of hours.
import { HOUR_MS, hourOf } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import type { Day, DayReader, DayStore, StoredSeries } from '#shared/day-files/day-store.ts';
import { type FormerRow, lastRowOf, type SeriesLookup } from '#shared/day-files/hour-columns.ts';
import { addShare, BucketLines } from './bucket-lines.ts';
import { ALWAYS, seriesBehind } from './kept-series.ts';
import type { NamedHour, SealedLines, SealedRange } from './metric-engine.ts';
import { RawLines } from './raw-lines.ts';
import { deviceTotals, shownOf, totalLines } from './total-view.ts';

const HOURS_A_DAY = 24;
/** Interfaces and file systems of one device times the names asked for. */
const MAX_LINES = 2_048;

export interface Reading {
  store: Pick<DayStore, 'read'>;
  /** Called between pieces of a millisecond or so. */
  giveWay: () => Promise<void>;
}

export async function sealedRange(ask: SealedRange, reading: Reading): Promise<SealedLines> {
  const days = daysOf(ask, reading.store);
  const isFine = ask.stepMs < HOUR_MS && [...days.values()].every((reader) => reader.hasRaw());
  const answer = isFine ? await rawRange(ask, days, reading) : await totalRange(ask, days, reading);
  return { ...answer, ...rowsApart(ask, reading.store) };
}

type Days = ReadonlyMap<Day, DayReader>;
const dayOf = (hour: number): Day => Math.floor(hour / HOURS_A_DAY);

/** Those that are kept. */
function daysOf({ from, to }: Pick<SealedRange, 'from' | 'to'>, store: Reading['store']): Days {
  const days = new Map<Day, DayReader>();
  for (let day = dayOf(hourOf(from)); day <= dayOf(hourOf(to)); day += 1) {
    const reader = store.read(day);
    if (reader !== undefined) days.set(day, reader);
  }
  return days;
}

/** Undefined as well where the disk changed what was written: such an hour is missing, the rest of the day is not. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError && error.code === 'frame-malformed') return undefined;
    throw error;
  }
}

type Part = Omit<SealedLines, 'apart' | 'leads'>;

async function rawRange(ask: SealedRange, days: Days, { store, giveWay }: Reading): Promise<Part> {
  const lines = new RawLines({ ...ask, maxLines: MAX_LINES });
  const apart = new Set(ask.apart);
  const missing: number[] = [];
  const onlyOf = seriesAsked(ask.names);
  let former: { hour: number; row: FormerRow } | undefined;
  for (let hour = hourOf(ask.from); hour <= hourOf(ask.to); hour += 1) {
    const reader = days.get(dayOf(hour));
    const data = reader === undefined ? undefined : readable(() => reader.raw(ask.device, hour, onlyOf(reader)));
    if (reader === undefined || data === undefined) {
      if (!apart.has(hour) && !isSilent(reader, hour, ask.relays)) missing.push(hour);
      continue;
    }
    const seriesOf = reader.lookup();
    if (!apart.has(hour)) {
      const row = former?.hour === hour - 1 ? former.row : rowBefore(store, ask.device, hour, onlyOf);
      lines.add(data, seriesOf, row);
    }
    former = { hour, row: lastRowOf(data, seriesOf) };
    await giveWay();
  }
  return { resolution: 'raw', ...lines.take(), missing };
}

type OnlyOf = (reader: DayReader) => ReadonlySet<number> | undefined;

/** What of each day the names are made of, one set a day: what was opened for it is known again. Undefined: everything. */
function seriesAsked(names: readonly string[] | undefined, more: readonly string[] = []): OnlyOf {
  if (names === undefined) return () => undefined;
  const sets = new Map<Day, ReadonlySet<number>>();
  return (reader) => {
    const known = sets.get(reader.day) ?? seriesBehind(reader, [...names, ...more]);
    sets.set(reader.day, known);
    return known;
  };
}

function rowBefore(
  store: Reading['store'],
  device: SealedRange['device'],
  hour: number,
  onlyOf: OnlyOf,
): FormerRow | undefined {
  const reader = store.read(dayOf(hour - 1));
  const data = reader === undefined ? undefined : readable(() => reader.raw(device, hour - 1, onlyOf(reader)));
  return reader === undefined || data === undefined ? undefined : lastRowOf(data, reader.lookup());
}

/** One of its relays has sealed that hour, and it holds nothing of the device: it said nothing. */
function isSilent(reader: DayReader | undefined, hour: number, relays: SealedRange['relays']): boolean {
  // Nobody's word counts where charts are drawn ahead: the list, long in a large fleet, is not made.
  if (relays.length === 0) return false;
  return reader?.coverage().some((covered) => covered.hour === hour && relays.includes(covered.relay)) ?? false;
}

async function totalRange(ask: SealedRange, days: Days, { giveWay }: Reading): Promise<Part> {
  const stepMs = Math.max(1, Math.ceil(ask.stepMs / HOUR_MS)) * HOUR_MS;
  const from = Math.floor(ask.from / HOUR_MS) * HOUR_MS;
  const places = Math.max(1, Math.ceil((ask.to + 1 - from) / stepMs));
  const lines = new BucketLines({ from, stepMs, places }, MAX_LINES);
  const apart = new Set(ask.apart);
  const known = new Set<number>();
  const onlyOf = seriesAsked(ask.names, ALWAYS);
  for (const reader of days.values()) {
    const totals = readable(() => reader.totals(ask.device, onlyOf(reader)));
    if (totals === undefined) continue;
    for (const { hours, count } of totals.values())
      for (const [place, hour] of hours.entries()) if ((count[place] ?? 0) > 0) known.add(hour);
    const source = deviceTotals(reader, totals);
    for (const name of ask.names ?? namesIn(reader, totals.keys()))
      for (const { instance, unit, resolution, hours, shareOf } of totalLines(source, name)) {
        const line = lines.line({ name, instance, unit, resolution });
        if (line === undefined) continue;
        for (const [place, hour] of hours.entries())
          if (!apart.has(hour)) addShare(line, lines.placeOf(hour * HOUR_MS), shareOf(place));
      }
    await giveWay();
  }
  const missing: number[] = [];
  for (let hour = hourOf(ask.from); hour <= hourOf(ask.to); hour += 1)
    if (!known.has(hour) && !apart.has(hour) && !isSilent(days.get(dayOf(hour)), hour, ask.relays)) missing.push(hour);
  return { resolution: 'hours', from, stepMs, lines: lines.all, points: [], missing };
}

/** What a chart of everything shows of a day. */
function namesIn(reader: DayReader, numbers: Iterable<number>): Set<string> {
  const names = new Set<string>();
  for (const number of numbers) {
    const series = reader.seriesOf(number);
    for (const name of series === undefined ? [] : shownOf(series)) names.add(name);
  }
  return names;
}

function rowsApart(ask: SealedRange, store: Reading['store']): Pick<SealedLines, 'apart' | 'leads'> {
  const hours = new Set(ask.apart);
  const rows = (hour: number): NamedHour[] => {
    const reader = store.read(dayOf(hour));
    const data = reader === undefined ? undefined : readable(() => reader.raw(ask.device, hour));
    return reader === undefined || data === undefined ? [] : [named(hour, data, reader.lookup())];
  };
  const leads = ask.apart.filter((hour) => !hours.has(hour - 1)).flatMap((hour) => rows(hour - 1));
  return { apart: ask.apart.flatMap(rows), leads: leads.map(lastOf) };
}

function named(hour: number, data: DeviceHour, seriesOf: SeriesLookup): NamedHour {
  const unknown = (number: number): StoredSeries => ({
    ...{ name: `series.${number}`, instance: '', unit: '', kind: 'gauge', resolution: 1 },
  });
  const series = Array.from(data.series, (number) => seriesOf(number) ?? unknown(number));
  return { hour, series, data: { ...data, series: data.series.map((_number, place) => place) } };
}

function lastOf({ hour, data, series }: NamedHour): NamedHour {
  const row = lastRowOf(data, (place) => series[place]);
  return { hour, series, data: { times: data.times.slice(-1), series: row.series, values: row.values } };
}
