// Lines of one device made of its rows: every value as it is, or buckets of any width.
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { type DerivedColumn, deriveColumns } from '#shared/day-files/derive-hour.ts';
import { type FormerRow, HourColumns, type SeriesLookup } from '#shared/day-files/hour-columns.ts';
import { DERIVED } from '#shared/model/derive.ts';
import { addShare, BucketLines, MAX_CELLS } from './bucket-lines.ts';
import type { BucketLine, PointLine } from './metric-engine.ts';

/** Their average is by time, not by values: what a counter rose by, divided by how long that took. */
const RATES: ReadonlySet<string> = new Set(
  DERIVED.flatMap(({ name, form }) => (form.kind === 'pace' && form.per === 'second' ? [name] : [])),
);

interface Ask {
  names: readonly string[] | undefined;
  from: number;
  to: number;
  /** 0: every value as it is. */
  stepMs: number;
  maxLines: number;
}

interface Growing extends Pick<PointLine, 'name' | 'instance' | 'unit'> {
  at: number[];
  values: number[];
}

export class RawLines {
  readonly #ask: Ask;
  readonly #buckets: BucketLines;
  readonly #points = new Map<string, Growing>();
  #cells = 0;

  constructor(ask: Ask) {
    const { from, to, stepMs } = ask;
    this.#ask = ask;
    const places = stepMs === 0 ? 0 : Math.max(1, Math.ceil((to + 1 - from) / stepMs));
    this.#buckets = new BucketLines({ from, stepMs, places }, ask.maxLines);
  }

  /** An hour of rows; those outside the span are passed over. Hours come in order. */
  add(hour: DeviceHour, seriesOf: SeriesLookup, former: FormerRow | undefined): void {
    const columns = new HourColumns(hour, seriesOf, former);
    const [first, last] = within(hour.times, this.#ask);
    if (first > last) return;
    for (const column of deriveColumns(columns, this.#ask.names)) {
      if (this.#ask.stepMs === 0) this.#addPoints(column, hour.times, first, last);
      else this.#addBuckets(column, columns, hour.times, { first, last });
    }
  }

  take(): { from: number; stepMs: number; lines: BucketLine[]; points: PointLine[] } {
    const points = [...this.#points.values()].map((line) => ({
      ...line,
      at: Float64Array.from(line.at),
      values: Float64Array.from(line.values),
    }));
    return { from: this.#ask.from, stepMs: this.#ask.stepMs, lines: this.#buckets.all, points };
  }

  #addPoints({ name, instance, unit, values }: DerivedColumn, times: Float64Array, first: number, last: number): void {
    const key = `${name} ${instance}`;
    let line = this.#points.get(key);
    if (line === undefined) {
      if (this.#points.size >= this.#ask.maxLines) return;
      line = { name, instance, unit, at: [], values: [] };
      this.#points.set(key, line);
    }
    // Cut off: honest polls fit the chart that is asked for.
    if (this.#cells >= MAX_CELLS) return;
    this.#cells += last + 1 - first;
    for (let row = first; row <= last; row += 1) {
      line.at.push(times[row] ?? 0);
      line.values.push(values[row] ?? Number.NaN);
    }
  }

  #addBuckets(
    { name, instance, unit, values }: DerivedColumn,
    columns: HourColumns,
    times: Float64Array,
    { first, last }: { first: number; last: number },
  ): void {
    const line = this.#buckets.line({ name, instance, unit, resolution: 1 });
    if (line === undefined) return;
    const elapsedMs = RATES.has(name) ? columns.elapsedMs() : undefined;
    for (let row = first; row <= last; row += 1) {
      const value = values[row] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const weight = elapsedMs === undefined ? 1 : (elapsedMs[row] ?? Number.NaN) / 1_000;
      const share = { count: 1, weight, min: value, max: value, sum: value * weight, rest: 0 };
      addShare(line, this.#buckets.placeOf(times[row] ?? 0), share);
    }
  }
}

/** The first and the last row of the span. */
function within(times: Float64Array, { from, to }: Pick<Ask, 'from' | 'to'>): [number, number] {
  let first = 0;
  let last = times.length - 1;
  while (first <= last && (times[first] ?? 0) < from) first += 1;
  while (last >= first && (times[last] ?? 0) > to) last -= 1;
  return [first, last];
}
