// One kept day, for all devices whose past is judged anew: its names are looked up once.
import { lookupOf } from '#console/metrics/sealed-range.ts';
import { namesOf } from '#console/metrics/sealed-sums.ts';
import type { DayReader } from '#shared/day-files/day-store.ts';
import type { SeriesLookup } from '#shared/day-files/hour-columns.ts';
import { DERIVED } from '#shared/model/derive.ts';

/** What rises are divided by, and what says that a device began anew. */
const TIME_INPUTS = ['system.uptime', 'system.boot'] as const;

const INPUTS = new Map(DERIVED.map(({ name, inputs }) => [name, inputs]));

export class ReplayedDay {
  readonly reader: DayReader;
  readonly dictionary: Pick<DayReader, 'instancesOf' | 'seriesOf'>;
  readonly seriesOf: SeriesLookup;
  /** By names: one set for equal lists, so that what was opened for it is known again. */
  readonly #numbers = new Map<string, ReadonlySet<number>>();

  constructor(reader: DayReader) {
    this.reader = reader;
    this.dictionary = namesOf(reader);
    this.seriesOf = lookupOf(reader);
  }

  /** Of what is kept, all that these series are made of. */
  numbersOf(names: readonly string[]): ReadonlySet<number> {
    const key = names.join(' ');
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const kept = [...names, ...names.flatMap((name) => INPUTS.get(name) ?? []), ...TIME_INPUTS];
    const numbers = new Set(kept.flatMap((name) => this.dictionary.instancesOf(name)));
    this.#numbers.set(key, numbers);
    return numbers;
  }
}
