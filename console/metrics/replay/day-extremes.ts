// Between what all values of a series lay in each hour of a device's day, read from its totals: hours in which nothing happened need no rows.
import { deviceTotals, type TotalLine, totalLines } from '#console/metrics/total-view.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { DayReader } from '#shared/day-files/day-store.ts';
import type { Extremes } from '#shared/judge/checks/probe.ts';
import { DERIVED } from '#shared/model/derive.ts';
import { metricByName } from '#shared/model/metric-catalogue.ts';

/** Sums and quotients were rounded once more on their way into totals. */
const ROUNDING = 1e-9;
const HOURS_A_DAY = 24;

const RULES = new Map(DERIVED.map((rule) => [rule.name, rule]));

/** Of counters totals keep the rates, of which only that a second has a name; what is in no total is read row by row. */
function isInTotals(name: string): boolean {
  const rule = RULES.get(name);
  if (rule === undefined) return metricByName(name)?.kind !== 'counter';
  const { form } = rule;
  if (form.kind === 'level') return metricByName(form.of)?.kind === 'gauge';
  return form.kind !== 'pace' || form.per === 'second' || rule.unit === 'ratio' || name === 'disk.queue';
}

/** A day and its names, each looked up once for all devices. */
export interface ReplayedDay {
  reader: DayReader;
  dictionary: Pick<DayReader, 'instancesOf' | 'seriesOf'>;
}

export class DayExtremes {
  readonly #lines = new Map<string, readonly TotalLine[]>();
  /** Several sets ask for the same hour. */
  readonly #known = new Map<string, Extremes[] | undefined>();
  #hour = -1;

  /** `names`: the series that are asked for. Throws what reading totals throws. */
  constructor({ reader, dictionary }: ReplayedDay, device: DeviceId, names: readonly string[]) {
    const source = deviceTotals(dictionary, reader.totals(device));
    for (const name of names) if (isInTotals(name)) this.#lines.set(name, totalLines(source, name));
  }

  /** Of all hours of the day together; undefined where an instance was not told in each of them, or nothing is known. */
  ofDay(name: string): Extremes[] | undefined {
    const whole: Extremes[] = [];
    for (const line of this.#lines.get(name) ?? []) {
      if (line.hours.length < HOURS_A_DAY) return undefined;
      const day: Extremes = { instance: line.instance, lowest: Infinity, highest: -Infinity };
      for (let place = 0; place < line.hours.length; place += 1) {
        const { count, min, max } = line.shareOf(place);
        if (count === 0 || Number.isNaN(min) || Number.isNaN(max)) return undefined;
        day.lowest = Math.min(day.lowest, min);
        day.highest = Math.max(day.highest, max);
      }
      whole.push(widened(day, line.resolution));
    }
    return this.#lines.has(name) ? whole : undefined;
  }

  /** Undefined where the totals say nothing about the series: its rows have to be read. */
  of(name: string, hour: number): Extremes[] | undefined {
    if (hour !== this.#hour) this.#known.clear();
    this.#hour = hour;
    if (!this.#known.has(name)) this.#known.set(name, this.#read(name, hour));
    return this.#known.get(name);
  }

  #read(name: string, hour: number): Extremes[] | undefined {
    return this.#lines.get(name)?.flatMap((line) => {
      const place = line.hours.indexOf(hour);
      const { count, min, max } = place < 0 ? NOTHING : line.shareOf(place);
      if (count === 0) return [];
      return [widened({ instance: line.instance, lowest: min, highest: max }, line.resolution)];
    });
  }
}

/** A stored number stands for all within half of its resolution. */
function widened({ instance, lowest, highest }: Extremes, resolution: number): Extremes {
  const slack = resolution + Math.max(Math.abs(lowest), Math.abs(highest)) * ROUNDING;
  return { instance, lowest: lowest - slack, highest: highest + slack };
}

const NOTHING = { count: 0, min: Number.NaN, max: Number.NaN };
