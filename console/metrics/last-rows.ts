// The last row of each device's newest sealed hour: rises and rates go on from it across the hour's edge.
import { HOUR_MS } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import type { DayReader, DayStore, StoredSeries } from '#shared/day-files/day-store.ts';
import type { RowBefore } from '#shared/day-files/hour-totals.ts';

/** One console's estate and some more, a kilobyte each; of the others the row is read from the file. */
const MAX_KEPT = 30_000;
const HOURS_OF_DAY = 24;

export const dayOf = (hour: number): number => Math.floor(hour / HOURS_OF_DAY);
export const hourStart = (hour: number): number => hour * HOUR_MS;

interface Row {
  hour: number;
  series: Uint32Array;
  values: Float64Array;
}

export class LastRows {
  readonly #rows = new Map<DeviceId, Row>();

  take(device: DeviceId, hour: number, data: DeviceHour): void {
    this.#rows.delete(device);
    this.#rows.set(device, lastRow(hour, data));
    const oldest = this.#rows.keys().next().value;
    if (this.#rows.size > MAX_KEPT && oldest !== undefined) this.#rows.delete(oldest);
  }

  /** For the columns of an hour; undefined when nothing is known of the hour before. */
  before(store: DayStore, device: DeviceId, hour: number, columns: Columns): RowBefore | undefined {
    const kept = this.#rows.get(device);
    const reader = store.read(dayOf(hour - 1));
    const row = kept?.hour === hour - 1 ? kept : storedRow(reader, device, hour - 1);
    if (row === undefined || reader === undefined) return undefined;
    return dayOf(hour - 1) === dayOf(hour) ? byNumber(row, columns.numbers) : byName(row, reader, columns.series);
  }
}

export interface Columns {
  numbers: Uint32Array;
  series: readonly StoredSeries[];
}

function lastRow(hour: number, { times, series, values }: DeviceHour): Row {
  const rows = times.length;
  return { hour, series, values: Float64Array.from(series.keys(), (i) => values[(i + 1) * rows - 1] ?? Number.NaN) };
}

/** A damaged chunk is as good as none: what it would have begun is unknown. */
function storedRow(reader: DayReader | undefined, device: DeviceId, hour: number): Row | undefined {
  const data = readRaw(reader, device, hour);
  return data === undefined ? undefined : lastRow(hour, data);
}

/** Undefined as well where the disk changed what was written: the rest of the day is worth going on. */
export function readRaw(reader: DayReader | undefined, device: DeviceId, hour: number): DeviceHour | undefined {
  try {
    return reader?.raw(device, hour);
  } catch {
    return undefined;
  }
}

function byNumber(row: Row, numbers: Uint32Array): RowBefore {
  const before = new Float64Array(numbers.length).fill(Number.NaN);
  let place = 0;
  for (let i = 0; i < numbers.length; i += 1) {
    while ((row.series[place] ?? Number.POSITIVE_INFINITY) < (numbers[i] ?? 0)) place += 1;
    if (row.series[place] === numbers[i]) before[i] = row.values[place] ?? Number.NaN;
  }
  return before;
}

/** Each day has numbers of its own: at midnight names are compared. */
function byName(row: Row, reader: DayReader, series: readonly StoredSeries[]): RowBefore {
  const known = new Map<string, number>();
  for (const [place, number] of row.series.entries()) {
    const { name, instance } = reader.seriesOf(number) ?? { name: '', instance: '' };
    known.set(`${name} ${instance}`, row.values[place] ?? Number.NaN);
  }
  return Float64Array.from(series, ({ name, instance }) => known.get(`${name} ${instance}`) ?? Number.NaN);
}
