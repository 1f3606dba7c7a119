// What the numbers of one day stand for while an hour of it is sealed: each list of columns, each series is named once.
import type { DayReader, DayWriter, StoredSeries } from '#shared/day-files/day-store.ts';
import type { SeriesLookup } from '#shared/day-files/hour-columns.ts';
import { type Numbering, numberingOf } from '#shared/day-files/hour-rows.ts';
import { storedSeries } from '#shared/day-files/stored-series.ts';
import type { Series } from '#shared/model/metric-catalogue.ts';
import { seriesKey } from '#shared/model/series-key.ts';

/** Valid for one day, and for as long as no transaction that used it failed. */
export class HourDictionary {
  readonly #read: () => DayReader | undefined;
  readonly #numberings = new Map<readonly Series[], Numbering>();
  readonly #numbers = new Map<string, number>();
  readonly #series = new Map<number, StoredSeries>();

  constructor(read: () => DayReader | undefined) {
    this.#read = read;
  }

  /** Devices of a chain with the same columns share their list. */
  numbering(list: readonly Series[], writer: DayWriter): Numbering {
    const known = this.#numberings.get(list);
    if (known !== undefined) return known;
    const made = numberingOf(list, (series) => this.numberOf(storedSeries(series), writer));
    this.#numberings.set(list, made);
    return made;
  }

  numberOf(series: StoredSeries, writer: DayWriter): number {
    // A script may say one name in another unit from one poll to the next.
    const key = `${series.unit} ${seriesKey(series.name, series.instance)}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = writer.numberOf(series);
    this.#numbers.set(key, number);
    this.#series.set(number, series);
    return number;
  }

  /** One function for all hours: what is worked out of a list of numbers is kept by it. */
  readonly seriesOf: SeriesLookup = (number) => {
    const known = this.#series.get(number) ?? this.#read()?.seriesOf(number);
    if (known !== undefined) this.#series.set(number, known);
    return known;
  };
}
