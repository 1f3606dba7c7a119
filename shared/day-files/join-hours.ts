// Puts what a device said in several pieces into one: rows by time, the same time is the same row, series that lack rows are unknown there.
import type { DeviceHour } from '#shared/codec/device-hour.ts';

/** Of the same time the later piece counts, where it knows a value. */
export function joinHours(pieces: readonly DeviceHour[]): DeviceHour | undefined {
  if (pieces.length <= 1) return pieces[0];
  const times = Float64Array.from(new Set(pieces.flatMap((piece) => [...piece.times]))).sort();
  const series = Uint32Array.from(new Set(pieces.flatMap((piece) => [...piece.series]))).sort();
  const rowOf = new Map(Array.from(times, (at, row) => [at, row]));
  const columnOf = new Map(Array.from(series, (number, column) => [number, column]));
  const values = new Float64Array(times.length * series.length).fill(Number.NaN);
  for (const piece of pieces) {
    const rows = Uint32Array.from(piece.times, (at) => rowOf.get(at) ?? 0);
    for (const [column, number] of piece.series.entries()) {
      const to = (columnOf.get(number) ?? 0) * times.length;
      const from = column * rows.length;
      for (const [i, row] of rows.entries()) {
        const value = piece.values[from + i] ?? Number.NaN;
        if (!Number.isNaN(value)) values[to + row] = value;
      }
    }
  }
  return { times, series, values };
}

/** Pieces that follow one another in time: as `joinHours`, and several times as fast. */
export function chainHours(pieces: readonly DeviceHour[]): DeviceHour | undefined {
  if (pieces.length <= 1) return pieces[0];
  const rows = pieces.reduce((sum, { times }) => sum + times.length, 0);
  const series = Uint32Array.from(new Set(pieces.flatMap((piece) => [...piece.series]))).sort();
  const columnOf = new Map(Array.from(series, (number, column) => [number, column]));
  const times = new Float64Array(rows);
  const values = new Float64Array(rows * series.length).fill(Number.NaN);
  let row = 0;
  for (const piece of pieces) {
    const count = piece.times.length;
    times.set(piece.times, row);
    for (const [column, number] of piece.series.entries())
      values.set(piece.values.subarray(column * count, (column + 1) * count), (columnOf.get(number) ?? 0) * rows + row);
    row += count;
  }
  return { times, series, values };
}

/** The rows of [from, to), and of them the series that have a value; undefined without a row. */
export function sliceHours({ times, series, values }: DeviceHour, from: number, to: number): DeviceHour | undefined {
  const first = rowAt(times, from);
  const end = rowAt(times, to);
  if (first === end) return undefined;
  if (first === 0 && end === times.length) return { times, series, values };
  const rows = end - first;
  const kept: number[] = [];
  for (let column = 0; column < series.length; column += 1)
    if (hasValue(values, column * times.length + first, column * times.length + end)) kept.push(column);
  const cut = new Float64Array(rows * kept.length);
  for (const [i, column] of kept.entries())
    cut.set(values.subarray(column * times.length + first, column * times.length + end), i * rows);
  return {
    times: times.slice(first, end),
    series: Uint32Array.from(kept, (column) => series[column] ?? 0),
    values: cut,
  };
}

function hasValue(values: Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) if (!Number.isNaN(values[i])) return true;
  return false;
}

/** The first row at `at` or later. */
function rowAt(times: Float64Array, at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
