// Puts an hour of another dictionary into the numbers of this one: columns keep their order where they can.
import type { DeviceHour } from '#shared/codec/device-hour.ts';

export interface MappedHour {
  hour: DeviceHour;
  /** same: number for number. ascending: other numbers, the same columns in the same order. other: columns moved or left out. */
  form: 'same' | 'ascending' | 'other';
}

/** Series without a number here are left out; of two that have the same number, the first counts. */
export function mapSeries(from: DeviceHour, numberOf: (number: number) => number | undefined): MappedHour {
  const { times, series, values } = from;
  const numbers = Array.from(series, numberOf);
  if (numbers.every((number, i) => number === series[i])) return { hour: from, form: 'same' };
  const isAscending = numbers.every((number, i) => number !== undefined && number > (numbers[i - 1] ?? -1));
  if (isAscending)
    return { hour: { times, series: Uint32Array.from(numbers, (number) => number ?? 0), values }, form: 'ascending' };
  const columnOf = new Map<number, number>();
  for (const [column, number] of numbers.entries())
    if (number !== undefined && !columnOf.has(number)) columnOf.set(number, column);
  const kept = Uint32Array.from(columnOf.keys()).sort();
  const rows = times.length;
  const moved = new Float64Array(rows * kept.length);
  for (const [to, number] of kept.entries()) {
    const column = columnOf.get(number) ?? 0;
    moved.set(values.subarray(column * rows, (column + 1) * rows), to * rows);
  }
  return { hour: { times, series: kept, values: moved }, form: 'other' };
}
