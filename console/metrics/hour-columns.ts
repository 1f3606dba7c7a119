// What the numbers of one day stand for while an hour of it is sealed: each list of columns is named and planned once.
import type { Series } from '#shared/model/metric-catalogue.ts';
import type { DayReader, DayWriter, StoredSeries } from '#shared/day-files/day-store.ts';
import { type Numbering, numberingOf } from '#shared/day-files/hour-rows.ts';
import { type HourPlan, planHour } from '#shared/day-files/hour-totals.ts';
import { storedSeries } from '#shared/day-files/stored-series.ts';

/** Valid for one day, and for as long as no transaction that used it failed. */
export class HourColumns {
  readonly #numberings = new Map<readonly Series[], Numbering>();
  readonly #plans = new Map<Uint32Array, HourPlan>();
  readonly #series = new Map<number, StoredSeries>();

  numbering(list: readonly Series[], writer: DayWriter): Numbering {
    const known = this.#numberings.get(list);
    if (known !== undefined) return known;
    const made = numberingOf(list, (series) => {
      const stored = storedSeries(series);
      const number = writer.numberOf(stored);
      this.#series.set(number, stored);
      return number;
    });
    this.#numberings.set(list, made);
    return made;
  }

  /** Devices of one list share its array of numbers; a merged hour has one of its own, and is planned for itself. */
  plan(numbers: Uint32Array, reader: DayReader | undefined): HourPlan {
    const known = this.#plans.get(numbers);
    if (known !== undefined) return known;
    const series = Array.from(numbers, (number) => this.#series.get(number) ?? reader?.seriesOf(number) ?? NAMELESS);
    const plan = planHour(series);
    if (this.#isShared(numbers)) this.#plans.set(numbers, plan);
    return plan;
  }

  #isShared(numbers: Uint32Array): boolean {
    for (const numbering of this.#numberings.values()) if (numbering.numbers === numbers) return true;
    return false;
  }
}

/** A number whose row of the dictionary the disk changed: its values stay, nobody can say what they are. */
const NAMELESS: StoredSeries = { name: '', instance: '', unit: '', kind: 'gauge', resolution: 1 };
