// Between what all values of a series lay in each hour of a device's day, read from its totals: hours in which nothing happened need no rows.
import { scaleSum } from '#console/metrics/bucket-lines.ts';
import { deviceTotals, type TotalLine, totalLines } from '#console/metrics/total-view.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { DayReader } from '#shared/day-files/day-store.ts';
import type { Extremes } from '#shared/judge/checks/probe.ts';
import { DERIVED } from '#shared/model/derive.ts';
import { metricByName } from '#shared/model/metric-catalogue.ts';
import type { ReplayedDay } from './replayed-day.ts';

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

/** One instance: a place for each hour of the day. */
interface Ranges {
  instance: string;
  /** NaN where nothing was told, or not between what. */
  lowest: Float64Array;
  highest: Float64Array;
  /** 1 where something was told. */
  isTold: Uint8Array;
}

export class DayExtremes {
  readonly #day: ReplayedDay;
  readonly #totals: ReturnType<DayReader['totals']>;
  readonly #ranges = new Map<string, readonly Ranges[] | undefined>();
  readonly #whole = new Map<string, readonly Extremes[] | undefined>();

  /** `names`: the series that are asked for. Throws what reading totals throws. */
  constructor(day: ReplayedDay, device: DeviceId, names: readonly string[]) {
    this.#day = day;
    this.#totals = day.reader.totals(device, day.numbersOf(names));
  }

  /** Of all hours of the day together; undefined where an instance was not told in each of them, or nothing is known. */
  ofDay(name: string): readonly Extremes[] | undefined {
    if (!this.#whole.has(name)) this.#whole.set(name, this.#reckon(name));
    return this.#whole.get(name);
  }

  /** Undefined where the totals say nothing about the series: its rows have to be read. */
  of(name: string, hour: number): readonly Extremes[] | undefined {
    const place = hour - this.#day.reader.day * HOURS_A_DAY;
    const told: Extremes[] = [];
    const ranges = this.#rangesOf(name);
    if (ranges === undefined) return undefined;
    for (const { instance, lowest, highest, isTold } of ranges)
      if (isTold[place] === 1)
        told.push({ instance, lowest: lowest[place] ?? Number.NaN, highest: highest[place] ?? Number.NaN });
    return told;
  }

  #reckon(name: string): Extremes[] | undefined {
    const whole: Extremes[] = [];
    for (const { instance, lowest, highest, isTold } of this.#rangesOf(name) ?? []) {
      const day: Extremes = { instance, lowest: Infinity, highest: -Infinity };
      for (let place = 0; place < HOURS_A_DAY; place += 1) {
        const [low, high] = [lowest[place] ?? Number.NaN, highest[place] ?? Number.NaN];
        if (isTold[place] !== 1 || Number.isNaN(low) || Number.isNaN(high)) return undefined;
        if (low < day.lowest) day.lowest = low;
        if (high > day.highest) day.highest = high;
      }
      whole.push(day);
    }
    return this.#rangesOf(name) === undefined ? undefined : whole;
  }

  #rangesOf(name: string): readonly Ranges[] | undefined {
    if (!this.#ranges.has(name)) this.#ranges.set(name, this.#read(name));
    return this.#ranges.get(name);
  }

  #read(name: string): Ranges[] | undefined {
    if (!isInTotals(name)) return undefined;
    const { dictionary, reader } = this.#day;
    const first = reader.day * HOURS_A_DAY;
    return totalLines(deviceTotals(dictionary, this.#totals), name).map((line) => rangesOf(line, first));
  }
}

function rangesOf(line: TotalLine, first: number): Ranges {
  const { instance, own, hours, resolution } = line;
  const made: Ranges = {
    ...{ instance, isTold: new Uint8Array(HOURS_A_DAY) },
    ...{ lowest: new Float64Array(HOURS_A_DAY), highest: new Float64Array(HOURS_A_DAY) },
  };
  for (let at = 0; at < hours.length; at += 1) {
    const place = (hours[at] ?? 0) - first;
    if (own === undefined) {
      const { count, min, max } = line.shareOf(at);
      if (count > 0) put(made, place, { min, max, resolution });
    } else if ((own.count[at] ?? 0) > 0) {
      const [min, max] = [own.min[at] ?? Number.NaN, own.max[at] ?? Number.NaN];
      put(made, place, { min: scaleSum(min, resolution), max: scaleSum(max, resolution), resolution });
    }
  }
  return made;
}

/** A stored number stands for all within half of its resolution. */
function put(
  { lowest, highest, isTold }: Ranges,
  place: number,
  { min, max, resolution }: { min: number; max: number; resolution: number },
): void {
  const slack = resolution + Math.max(Math.abs(min), Math.abs(max)) * ROUNDING;
  lowest[place] = min - slack;
  highest[place] = max + slack;
  isTold[place] = 1;
}
