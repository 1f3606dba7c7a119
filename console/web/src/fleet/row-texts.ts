// How the filter and the order read the rows: dictionaries are asked once per entry, and rows look the answer up.
import type { FieldAccess } from '#shared/base/filter/compile-filter.ts';
import { type FleetRows, STATUS_ORDER } from './fleet-rows.ts';
import { NONE } from './words.ts';

type TextTest = (lowerCase: string) => boolean;
type Ask = (row: number) => boolean;

/** A field whose rows name one of few texts. */
export interface Listed {
  texts: readonly string[];
  place: ArrayLike<number>;
}

/** Fields of one text per row that many rows share. */
export function listedOf(rows: FleetRows, field: string): Listed | undefined {
  const words = { texts: rows.words.texts };
  switch (field) {
    case 'site':
      return { texts: rows.sites.map(({ name }) => name), place: rows.site };
    case 'customer':
      return { texts: rows.sites.map(({ customerName }) => customerName), place: rows.site };
    case 'relay':
      return { texts: rows.relays.map(({ name }) => name), place: rows.relay };
    case 'status':
      return { texts: STATUS_ORDER, place: rows.status };
    case 'simulated':
      return { texts: ['no', 'yes'], place: rows.isSimulated };
    case 'reason':
      return { ...words, place: rows.reason };
    case 'user':
    case 'os':
    case 'system':
    case 'type':
    case 'transport':
      return { ...words, place: rows[field] };
    default:
      return undefined;
  }
}

/** Fields whose text is each row's own. */
export const OWN_TEXTS = ['name', 'address', 'hostname', 'serial', 'id'] as const;
export type OwnText = (typeof OWN_TEXTS)[number];
export const isOwnText = (field: string): field is OwnText => OWN_TEXTS.some((one) => one === field);

const NUMBERS = ['cpu', 'memory', 'disk', 'load', 'uptime', 'rx', 'tx', 'polled', 'added'] as const;
type NumberField = (typeof NUMBERS)[number];
export const isNumberField = (field: string): field is NumberField => NUMBERS.some((one) => one === field);

/** Those of `shared/model/fleet-fields.ts` that free words look in. */
const SEARCHED = ['name', 'address', 'hostname', 'serial'] as const satisfies readonly OwnText[];

/** Reads a set of rows; made anew when texts change, since it keeps them in lower case. */
export class RowTexts implements FieldAccess<number> {
  readonly #rows: FleetRows;
  /** What the console said of terms that only it can answer: a mark per row, by the term. */
  readonly #marks: ReadonlyMap<string, Uint8Array>;
  readonly #lower = new Map<OwnText, readonly string[]>();

  constructor(rows: FleetRows, marks: ReadonlyMap<string, Uint8Array>) {
    this.#rows = rows;
    this.#marks = marks;
  }

  text(field: string, test: TextTest): Ask {
    if (isOwnText(field)) {
      const values = this.#lowerOf(field);
      return (row) => test(values[row] ?? '');
    }
    if (field === 'tag') return this.#tags(test);
    if (field === 'group') return this.#groups(test);
    const listed = listedOf(this.#rows, field);
    if (listed !== undefined) return lookUp(listed, test);
    const marks = this.#marks.get(field);
    return (row) => marks?.[row] === 1;
  }

  word(test: TextTest): Ask {
    const own = SEARCHED.map((field) => this.#lowerOf(field));
    const asks = [this.#tags(test), ...['site', 'user'].map((field) => this.text(field, test))];
    return (row) => {
      for (const values of own) if (test(values[row] ?? '')) return true;
      for (const ask of asks) if (ask(row)) return true;
      return false;
    };
  }

  number(field: string): (row: number) => number {
    if (!isNumberField(field)) return () => Number.NaN;
    const values = this.#rows[field];
    return (row) => values[row] ?? Number.NaN;
  }

  #tags(test: TextTest): Ask {
    return lookUpSet(this.#rows.tagSets, this.#rows.tags, (tag) => test(tag.toLowerCase()));
  }

  #groups(test: TextTest): Ask {
    const passes = this.#rows.groups.map(({ name }) => test(name.toLowerCase()));
    return lookUpSet(this.#rows.groupSets, this.#rows.groupSet, (place) => passes[place] === true);
  }

  #lowerOf(field: OwnText): readonly string[] {
    const known = this.#lower.get(field);
    if (known !== undefined) return known;
    const made = this.#rows[field].map((text) => text.toLowerCase());
    this.#lower.set(field, made);
    return made;
  }
}

function lookUp({ texts, place }: Listed, test: TextTest): Ask {
  const passes = texts.map((text) => test(text.toLowerCase()));
  const passesNone = test('');
  return (row) => {
    const at = place[row] ?? NONE;
    return at === NONE ? passesNone : passes[at] === true;
  };
}

function lookUpSet<T>(sets: readonly (readonly T[])[], place: ArrayLike<number>, test: (member: T) => boolean): Ask {
  const passes = sets.map((set) => set.some(test));
  return (row) => passes[place[row] ?? NONE] === true;
}
