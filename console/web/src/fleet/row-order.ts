// Orders the fleet: every order is over numbers made beforehand, so that ten thousand rows sort within a frame or two.
import { sortText } from '#shared/base/sort-text.ts';
import type { FleetRows } from './fleet-rows.ts';
import { isNumberField, isOwnText, listedOf } from './row-texts.ts';
import { NONE } from './words.ts';

/** The place of each text among the distinct ones; '' is unknown. */
export function ranksOf(texts: readonly string[]): Float64Array {
  const keys = new Map<string, string>();
  for (const text of texts) if (text !== '' && !keys.has(text)) keys.set(text, sortText(text));
  const distinct = [...new Set(keys.values())].sort();
  const rank = new Map(distinct.map((key, index) => [key, index]));
  return Float64Array.from(texts, (text) => rank.get(keys.get(text) ?? '') ?? Number.NaN);
}

/** Numbers to sort by, one per row and field, kept until a text changes. */
export class RowOrder {
  readonly #rows: FleetRows;
  readonly #kept = new Map<string, Float64Array>();
  #byName: readonly number[] | undefined;

  constructor(rows: FleetRows) {
    this.#rows = rows;
  }

  /** Every row, by name. */
  get byName(): readonly number[] {
    if (this.#byName !== undefined) return this.#byName;
    const all = Array.from({ length: this.#rows.size }, (_, row) => row);
    this.#byName = this.#rows.isByName ? all : sorted(all, this.#ranks('name'), 1);
    return this.#byName;
  }

  /** `rows` come by name, and stay so where the field says nothing; what is unknown stands last in both directions. */
  sort(rows: readonly number[], field: string, isDescending: boolean): readonly number[] {
    if (field === 'name' && !isDescending) return rows;
    return sorted(rows, this.#numbers(field), isDescending ? -1 : 1);
  }

  #numbers(field: string): ArrayLike<number> {
    if (isNumberField(field)) return this.#rows[field];
    // A status changes while one looks, and its place is its rank.
    return field === 'status' ? this.#rows.status : this.#ranks(field);
  }

  #ranks(field: string): Float64Array {
    const isChanging = field === 'reason';
    const known = isChanging ? undefined : this.#kept.get(field);
    if (known !== undefined) return known;
    const made = this.#make(field);
    this.#kept.set(field, made);
    return made;
  }

  #make(field: string): Float64Array {
    const rows = this.#rows;
    if (isOwnText(field)) return ranksOf(rows[field]);
    const listed = listedOf(rows, field);
    if (listed === undefined) return new Float64Array(rows.size);
    const rank = ranksOf(listed.texts);
    return Float64Array.from({ length: rows.size }, (_, row) => rank[listed.place[row] ?? NONE] ?? Number.NaN);
  }
}

/** Few values, such as of a status: each has its part of the list, and no two rows need be compared. */
function bucketed(rows: readonly number[], by: Uint8Array, sign: 1 | -1): number[] {
  const counts = new Uint32Array(256);
  for (const row of rows) counts[by[row] ?? 0] = (counts[by[row] ?? 0] ?? 0) + 1;
  // Where the next row of each value goes.
  const next = new Uint32Array(256);
  let place = 0;
  for (let n = 0; n < 256; n += 1) {
    const value = sign === 1 ? n : 255 - n;
    next[value] = place;
    place += counts[value] ?? 0;
  }
  const sorted = new Array<number>(rows.length).fill(0);
  for (const row of rows) {
    const value = by[row] ?? 0;
    const at = next[value] ?? 0;
    sorted[at] = row;
    next[value] = at + 1;
  }
  return sorted;
}

/** The engine's sort is stable, and its comparison allocates nothing. */
function sorted(rows: readonly number[], by: ArrayLike<number>, sign: 1 | -1): number[] {
  if (by instanceof Uint8Array) return bucketed(rows, by, sign);
  const known: number[] = [];
  const unknown: number[] = [];
  for (const row of rows) (Number.isNaN(by[row]) ? unknown : known).push(row);
  known.sort((a, b) => sign * ((by[a] ?? 0) - (by[b] ?? 0)));
  for (const row of unknown) known.push(row);
  return known;
}
