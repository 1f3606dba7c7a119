// One kept day, for all devices whose past is judged anew: its names are looked up once.
import { seriesBehind } from '#console/metrics/kept-series.ts';
import { namesOf } from '#console/metrics/sealed-sums.ts';
import type { DayReader } from '#shared/day-files/day-store.ts';
import type { SeriesLookup } from '#shared/day-files/hour-columns.ts';

export class ReplayedDay {
  readonly reader: DayReader;
  readonly dictionary: Pick<DayReader, 'instancesOf' | 'seriesOf'>;
  readonly seriesOf: SeriesLookup;
  /** By names: one set for equal lists, so that what was opened for it is known again. */
  readonly #numbers = new Map<string, ReadonlySet<number>>();

  constructor(reader: DayReader) {
    this.reader = reader;
    this.dictionary = namesOf(reader);
    this.seriesOf = reader.lookup();
  }

  /** Of what is kept, all that these series are made of. */
  numbersOf(names: readonly string[]): ReadonlySet<number> {
    const key = names.join(' ');
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const numbers = seriesBehind(this.dictionary, names);
    this.#numbers.set(key, numbers);
    return numbers;
  }
}
