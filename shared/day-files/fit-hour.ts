// What of an hour a chunk can hold, and how much of it is known.
import { MAX_CHUNK_CELLS, MAX_CHUNK_COLUMNS, MAX_CHUNK_ROWS } from '#shared/codec/chunk-format.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';

export function knownIn({ values }: DeviceHour): number {
  let known = 0;
  for (let i = 0; i < values.length; i += 1) if (!Number.isNaN(values[i])) known += 1;
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
