// Rows by name as people count, for answers that hold the whole fleet; what a name sorts by is worked out once per name.
import { sortText } from '#shared/base/sort-text.ts';

interface Key {
  name: string;
  text: string;
}

export class NameOrder {
  readonly #names: readonly string[];
  /** By row: ten thousand of them take 15 ms to make, and a fleet is asked for every second at worst. */
  readonly #keys: Key[] = [];

  /** `names` by row; they may change. */
  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** Rows of one name stay as they come. */
  sorted(rows: readonly number[]): number[] {
    return rows
      .map((row) => ({ row, text: this.#keyOf(row) }))
      .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
      .map(({ row }) => row);
  }

  #keyOf(row: number): string {
    const name = this.#names[row] ?? '';
    const known = this.#keys[row];
    if (known?.name === name) return known.text;
    const text = sortText(name);
    this.#keys[row] = { name, text };
    return text;
  }
}
