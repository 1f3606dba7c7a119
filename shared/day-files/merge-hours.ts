// Puts parts of one device's hour together, row by row: the same time is the same row, so what comes again changes nothing.
import { MAX_CHUNK_CELLS, MAX_CHUNK_COLUMNS, MAX_CHUNK_ROWS } from '#shared/codec/chunk-format.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';

/** In the order of the parts: a later part's known value stands where both know one. The times of a part need not ascend. */
export function mergeHours(parts: readonly DeviceHour[]): DeviceHour {
  const times = Float64Array.from(new Set(parts.flatMap((part) => [...part.times]))).sort();
  const series = Uint32Array.from(new Set(parts.flatMap((part) => [...part.series]))).sort();
  const rowOf = new Map(Array.from(times, (at, row) => [at, row]));
  const columnOf = new Map(Array.from(series, (number, column) => [number, column]));
  const values = new Float64Array(times.length * series.length).fill(Number.NaN);
  for (const part of parts) {
    const rows = Uint32Array.from(part.times, (at) => rowOf.get(at) ?? 0);
    for (const [column, number] of part.series.entries()) {
      const to = (columnOf.get(number) ?? 0) * times.length;
      const from = column * rows.length;
      for (let row = 0; row < rows.length; row += 1) {
        const value = part.values[from + row] ?? Number.NaN;
        if (!Number.isNaN(value)) values[to + (rows[row] ?? 0)] = value;
      }
    }
  }
  return { times, series, values };
}

export function knownIn({ values }: DeviceHour): number {
  let known = 0;
  for (const value of values) if (!Number.isNaN(value)) known += 1;
  return known;
}

/**
 * What of an hour a chunk can hold: the first rows and the series of the lowest numbers. Only hostile polls come more often than
 * once a second, or under more names: they must not keep the rest of their site from being sealed.
 */
export function fitHour(hour: DeviceHour): DeviceHour {
  const { times, series, values } = hour;
  const columns = Math.min(series.length, MAX_CHUNK_COLUMNS);
  const rows = Math.min(times.length, MAX_CHUNK_ROWS, Math.floor(MAX_CHUNK_CELLS / Math.max(1, columns)));
  if (columns === series.length && rows === times.length) return hour;
  const kept = new Float64Array(rows * columns);
  for (let column = 0; column < columns; column += 1)
    kept.set(values.subarray(column * times.length, column * times.length + rows), column * rows);
  return { times: times.slice(0, rows), series: series.slice(0, columns), values: kept };
}
