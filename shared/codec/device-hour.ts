// What a device said in one UTC hour: one column of times, and the values of each series in the rows of those times.
import { HOUR_MS, hourOf } from '#shared/base/clock.ts';
import { MAX_CHUNK_CELLS, MAX_CHUNK_COLUMNS, MAX_CHUNK_ROWS, MAX_SERIES_NUMBER } from './chunk-format.ts';

export interface DeviceHour {
  /** Milliseconds UTC of one hour, ascending, none twice; at least one. */
  times: Float64Array;
  /** Ascending numbers of series, in the dictionary of whoever keeps the chunk. */
  series: Uint32Array;
  /** Column after column, each `times.length` long: the metric's stored numbers, and NaN where none was read. */
  values: Float64Array;
}

/** The bound that many rows and columns break, or undefined. */
export function sizeRefusal(rows: number, columns: number): string | undefined {
  if (rows < 1) return 'an hour without a row';
  if (rows > MAX_CHUNK_ROWS) return `${rows} rows, more than ${MAX_CHUNK_ROWS}`;
  if (columns > MAX_CHUNK_COLUMNS) return `${columns} series, more than ${MAX_CHUNK_COLUMNS}`;
  if (rows * columns > MAX_CHUNK_CELLS) return `${rows} rows of ${columns} series, more than ${MAX_CHUNK_CELLS} values`;
  return undefined;
}

/** Hours that one chunk may hold: a day. */
export const MAX_CHUNK_HOURS = 24;

/** Whole hours one after the other: one of them in the file of an open day, several where a day is closed. */
export interface HourSpan {
  hour: number;
  /** 1 to 24. */
  hours: number;
}

/** Why these are not the times of a row after the other within the span, or undefined. */
export function timesRefusal(times: Float64Array, { hour, hours }: HourSpan): string | undefined {
  if (!(hours >= 1 && hours <= MAX_CHUNK_HOURS)) return `a span of ${hours} hours`;
  const start = hour * HOUR_MS;
  let former = start - 1;
  for (const at of times) {
    if (!Number.isSafeInteger(at) || at < start || at >= start + hours * HOUR_MS)
      return `${at} is no millisecond of hour ${hour}${hours === 1 ? '' : ` and the ${hours - 1} after it`}`;
    if (at <= former) return `${at} comes after ${former}`;
    former = at;
  }
  return undefined;
}

/** Without a span, the times lie in the hour of the first. */
export function hourRefusal({ times, series, values }: DeviceHour, span?: HourSpan): string | undefined {
  const within = span ?? { hour: hourOf(times[0] ?? 0), hours: 1 };
  const why = sizeRefusal(times.length, series.length) ?? timesRefusal(times, within);
  if (why !== undefined) return why;
  if (values.length !== times.length * series.length)
    return `${values.length} values for ${times.length} rows of ${series.length} series`;
  let former = -1;
  for (const number of series) {
    if (number <= former || number > MAX_SERIES_NUMBER) return `series ${number} after ${former}`;
    former = number;
  }
  return undefined;
}
