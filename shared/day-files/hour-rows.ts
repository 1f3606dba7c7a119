// Gathers the polls of one device in one hour, as they come out of frames, and turns their rows into the columns of a chunk.
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import type { Series } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { joinHours } from './join-hours.ts';

/** Numbers of a list of series in a day's dictionary, ascending, and which place of the list each stands in. */
export interface Numbering {
  numbers: Uint32Array;
  places: Uint32Array;
}

/** Polls with the same columns, row after row. */
interface Segment {
  series: readonly Series[];
  times: number[];
  rows: Float64Array;
}

const NOTHING: DeviceHour = {
  times: new Float64Array(0),
  series: new Uint32Array(0),
  values: new Float64Array(0),
};

/** Rows a device's first segment has room for: a poll a minute. */
const FIRST_ROWS = 60;

export class HourRows {
  readonly #segments: Segment[] = [];
  #values = 0;

  /** Room that is taken, in values. */
  get values(): number {
    return this.#values;
  }

  add({ at, series, values }: PollRecord): void {
    const row = Float64Array.from(series, (_, i) => values[i] ?? Number.NaN);
    this.addRow(at, series, row, 0);
  }

  /** The row begins at `from` in `values`; it is copied. */
  addRow(at: number, series: readonly Series[], values: Float64Array, from: number): void {
    const segment = this.#segmentOf(series);
    const columns = series.length;
    const to = segment.times.length * columns;
    if (to + columns > segment.rows.length) {
      const larger = new Float64Array(Math.max(to * 2, columns * FIRST_ROWS));
      larger.set(segment.rows);
      segment.rows = larger;
    }
    const { rows } = segment;
    for (let i = 0; i < columns; i += 1) rows[to + i] = values[from + i] ?? Number.NaN;
    segment.times.push(at);
    this.#values += columns;
  }

  /** The lists of series in it, to be numbered. */
  seriesLists(): Array<readonly Series[]> {
    return this.#segments.map(({ series }) => series);
  }

  /** Rows by time, each time once: the last value that was said of a time counts. */
  hour(numbering: (series: readonly Series[]) => Numbering): DeviceHour {
    const hours = this.#segments.map((segment) => columnsOf(segment, numbering(segment.series)));
    const [first, second] = hours;
    if (first !== undefined && second === undefined && isAscending(first.times)) return first;
    // One piece alone is taken for ordered by joinHours: beside a piece without rows it is put in order.
    return joinHours([...hours, NOTHING]) ?? NOTHING;
  }

  #segmentOf(series: readonly Series[]): Segment {
    const last = this.#segments.at(-1);
    if (last?.series === series) return last;
    const known = this.#segments.find((segment) => segment.series === series);
    if (known !== undefined) return known;
    const segment = { series, times: [], rows: new Float64Array(0) };
    this.#segments.push(segment);
    return segment;
  }
}

function columnsOf({ series, times, rows }: Segment, { numbers, places }: Numbering): DeviceHour {
  const columns = numbers.length;
  const stride = series.length;
  const count = times.length;
  const values = new Float64Array(count * columns);
  for (let column = 0; column < columns; column += 1) {
    let from = places[column] ?? 0;
    const end = (column + 1) * count;
    for (let to = column * count; to < end; to += 1) {
      values[to] = rows[from] ?? Number.NaN;
      from += stride;
    }
  }
  return { times: Float64Array.from(times), series: numbers, values };
}

function isAscending(times: Float64Array): boolean {
  for (let i = 1; i < times.length; i += 1) if ((times[i] ?? 0) <= (times[i - 1] ?? 0)) return false;
  return true;
}

/** Numbers of a list, put in order, each once. `numberOf` is the dictionary's, and of hostile columns two may be the same series to it. */
export function numberingOf(series: readonly Series[], numberOf: (series: Series) => number): Numbering {
  const numbers = series.map(numberOf);
  const sorted = Uint32Array.from(series.keys()).sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0));
  const places = sorted.filter((place, i) => i === 0 || numbers[place] !== numbers[sorted[i - 1] ?? 0]);
  return { numbers: Uint32Array.from(places, (place) => numbers[place] ?? 0), places };
}
