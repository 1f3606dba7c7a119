// Rows of a device's hour under names, whatever dictionary they came from: made of polls, put together, and read by their own lookup.
import { hourOf } from '#shared/base/clock.ts';
import type { StoredSeries } from '#shared/day-files/day-store.ts';
import { type FormerRow, lastRowOf, type SeriesLookup } from '#shared/day-files/hour-columns.ts';
import { storedSeries } from '#shared/day-files/stored-series.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { seriesKey } from '#shared/model/series-key.ts';
import type { NamedHour } from './metric-engine.ts';

/** Of the polls of one hour, by time. `only`: names of the catalogue's metrics that are wanted; all when undefined. */
export function namedHour(polls: readonly PollRecord[], only?: ReadonlySet<string>): NamedHour | undefined {
  const [first] = polls;
  if (first === undefined) return undefined;
  const columns = new Map<string, { series: StoredSeries; values: Float64Array }>();
  for (const [row, poll] of polls.entries())
    for (const [column, one] of poll.series.entries()) {
      const value = poll.values[column];
      const series = value === undefined ? undefined : storedSeries(one);
      if (series === undefined || value === undefined || only?.has(series.name) === false) continue;
      const key = seriesKey(series.name, series.instance);
      let known = columns.get(key);
      if (known === undefined) {
        known = { series, values: new Float64Array(polls.length).fill(Number.NaN) };
        columns.set(key, known);
      }
      known.values[row] = value;
    }
  return assemble(
    hourOf(first.at),
    Float64Array.from(polls, ({ at }) => at),
    [...columns.values()],
  );
}

interface Column {
  series: StoredSeries;
  values: Float64Array;
}

function assemble(hour: number, times: Float64Array, columns: readonly Column[]): NamedHour {
  const values = new Float64Array(times.length * columns.length);
  for (const [place, column] of columns.entries()) values.set(column.values, place * times.length);
  const series = columns.map((column) => column.series);
  return { hour, series, data: { times, series: Uint32Array.from(series, (_one, place) => place), values } };
}

/** The same time is the same row; where both know a value, the later part's stands. */
export function mergeNamed(parts: readonly NamedHour[]): NamedHour | undefined {
  const [first, second] = parts;
  if (first === undefined || second === undefined) return first;
  const times = Float64Array.from(new Set(parts.flatMap(({ data }) => [...data.times]))).sort();
  const rowOf = new Map(Array.from(times, (at, row) => [at, row]));
  const columns = new Map<string, Column>();
  for (const { data, series } of parts) {
    const rows = data.times.length;
    for (const [place, one] of series.entries()) {
      const key = seriesKey(one.name, one.instance);
      const column = columns.get(key) ?? { series: one, values: new Float64Array(times.length).fill(Number.NaN) };
      columns.set(key, column);
      for (let row = 0; row < rows; row += 1) {
        const value = data.values[place * rows + row] ?? Number.NaN;
        if (!Number.isNaN(value)) column.values[rowOf.get(data.times[row] ?? 0) ?? 0] = value;
      }
    }
  }
  return assemble(first.hour, times, [...columns.values()]);
}

const lookups = new WeakMap<readonly StoredSeries[], SeriesLookup>();

export function lookupIn({ series }: NamedHour): SeriesLookup {
  const known = lookups.get(series) ?? ((place: number) => series[place]);
  lookups.set(series, known);
  return known;
}

export const lastNamed = (hour: NamedHour): FormerRow => lastRowOf(hour.data, lookupIn(hour));
