// Picks the numbers that checks ask for out of a device's polls: derived ones, raw ones and those of scripts.
import { DERIVED, deriving } from '#shared/model/derive.ts';
import { fromStored, type Metric, metricById, SCRIPT_VALUE, type Series } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { readScriptColumn } from '#shared/model/script-series.ts';

export interface SeriesValue {
  instance: string;
  /** Undefined is unknown, never good and never bad. */
  value: number | undefined;
  unit: string;
}

/** By the series' name. An instance that is not there at all was not told. */
export type SeriesValues = ReadonlyMap<string, readonly SeriesValue[]>;

interface Column {
  name: string;
  instance: string;
  unit: string;
  metric: Metric;
  column: number;
}

const UNITS: ReadonlyMap<string, string> = new Map(DERIVED.map(({ name, unit }) => [name, unit]));

export class SeriesReader {
  readonly #names: ReadonlySet<string>;
  readonly #derive: ReturnType<typeof deriving>;
  /** A device keeps its series array from poll to poll, so what is read of it is worked out once. */
  readonly #columns = new WeakMap<readonly Series[], readonly Column[]>();

  constructor(names: Iterable<string>) {
    this.#names = new Set(names);
    this.#derive = deriving([...this.#names]);
  }

  /** `former`: the device's poll before, or undefined: then rates are unknown. */
  read(former: PollRecord | undefined, record: PollRecord): SeriesValues {
    const values = new Map<string, SeriesValue[]>();
    const put = (name: string, value: SeriesValue) => {
      const known = values.get(name);
      if (known === undefined) values.set(name, [value]);
      else known.push(value);
    };
    for (const { name, instance, value } of this.#derive(former, record))
      put(name, { instance, value, unit: UNITS.get(name) ?? '' });
    for (const { name, instance, unit, metric, column } of this.#columnsOf(record.series)) {
      const stored = record.values[column];
      put(name, { instance, unit, value: stored === undefined ? undefined : fromStored(metric, stored) });
    }
    return values;
  }

  #columnsOf(series: readonly Series[]): readonly Column[] {
    const known = this.#columns.get(series);
    if (known !== undefined) return known;
    const columns = series.flatMap((one, column): Column[] => {
      const found = columnOf(one, column);
      return found !== undefined && this.#names.has(found.name) && !UNITS.has(found.name) ? [found] : [];
    });
    this.#columns.set(series, columns);
    return columns;
  }
}

function columnOf(series: Series, column: number): Column | undefined {
  const script = readScriptColumn(series);
  if (script !== undefined) return { ...script, metric: SCRIPT_VALUE, column };
  const metric = metricById(series.metric);
  if (metric === undefined || metric === SCRIPT_VALUE) return undefined;
  return { name: metric.name, instance: series.instance, unit: metric.unit, metric, column };
}
