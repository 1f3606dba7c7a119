// What remains of a device's hour in totals: levels as they are, what counters rose by, and the ratios that no total gives back.
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { addColumn, emptyRollup, type Rollup } from '#shared/codec/rollup.ts';
import { DERIVED } from '#shared/model/derive.ts';
import type { StoredSeries } from './day-store.ts';
import { type DerivedColumn, deriveColumns, risesOf } from './derive-hour.ts';
import { type ColumnIndex, ColumnRoom, type FormerRow, HourColumns, type SeriesLookup } from './hour-columns.ts';

/** Averages of these are no quotients of averages; all other derived values are read from the totals of what they are made of. */
const OWN_SERIES = DERIVED.filter(
  ({ name, unit }) => unit === 'ratio' || name === 'disk.queue' || name === 'disk.latency',
).map(({ name }) => name);

/** A hundredth of a percent; of a latency ten microseconds. */
const RATIO_RESOLUTION = 0.0001;
const MS_RESOLUTION = 0.01;

/** Nothing of it is left when the totals are made. */
const room = new ColumnRoom();

export interface HourTotals {
  /** One array for all devices that have the same columns: nobody changes it. */
  series: Uint32Array;
  /** A place for each of `series`. */
  totals: Rollup;
}

/** Gives a series its number in the day in which the totals are kept: what one function has numbered is kept by it, and not asked again. */
export type NumberOf = (series: StoredSeries) => number;

const numbered = new WeakMap<NumberOf, WeakMap<ColumnIndex, Uint32Array>>();

/** `former`: the device's last row of the hour before. */
export function hourTotals(
  hour: DeviceHour,
  seriesOf: SeriesLookup,
  former: FormerRow | undefined,
  numberOf: NumberOf,
): HourTotals {
  const rows = hour.times.length;
  room.clear();
  const columns = new HourColumns(hour, seriesOf, former, room);
  const derived = deriveColumns(columns, OWN_SERIES);
  const counters = risesOf(columns);
  const series = numbersOf(hour.series, columns.index, derived, numberOf);
  const totals = emptyRollup(series.length);
  let next = 0;
  for (const { column, rises, rates } of counters) {
    for (; next < column; next += 1) addColumn(totals, next, hour.values, next * rows, (next + 1) * rows);
    addColumn(totals, column, rises, 0, rows);
    setExtremes(totals, column, rates);
    next = column + 1;
  }
  for (; next < hour.series.length; next += 1) addColumn(totals, next, hour.values, next * rows, (next + 1) * rows);
  for (const [i, column] of derived.entries()) {
    const at = hour.series.length + i;
    toStored(column.values, resolutionOf(column));
    addColumn(totals, at, column.values, 0, rows);
  }
  return { series, totals };
}

function numbersOf(
  own: Uint32Array,
  index: ColumnIndex,
  derived: readonly DerivedColumn[],
  numberOf: NumberOf,
): Uint32Array {
  const lists = numbered.get(numberOf) ?? new WeakMap<ColumnIndex, Uint32Array>();
  numbered.set(numberOf, lists);
  const known = lists.get(index);
  if (known !== undefined) return known;
  const series = new Uint32Array(own.length + derived.length);
  series.set(own);
  for (const [i, column] of derived.entries()) {
    const { name, instance, unit } = column;
    series[own.length + i] = numberOf({ name, instance, unit, kind: 'gauge', resolution: resolutionOf(column) });
  }
  lists.set(index, series);
  return series;
}

const resolutionOf = ({ unit }: DerivedColumn): number => (unit === 'ms' ? MS_RESOLUTION : RATIO_RESOLUTION);

/** In place: nobody else reads what was derived here. */
function toStored(natural: Float64Array, resolution: number): void {
  const parts = Math.round(1 / resolution);
  for (let row = 0; row < natural.length; row += 1) natural[row] = Math.round((natural[row] ?? Number.NaN) * parts);
}

/** Of a counter the least and the greatest rate stand beside the sum of its rises. */
function setExtremes(totals: Rollup, column: number, rates: Float64Array): void {
  if (totals.count[column] === 0) return;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < rates.length; row += 1) {
    const rate = rates[row] ?? Number.NaN;
    if (rate < min) min = rate;
    if (rate > max) max = rate;
  }
  totals.min[column] = min;
  totals.max[column] = max;
}
