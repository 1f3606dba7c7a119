// Rows by name as people count, for answers that hold the whole fleet: the order is kept until a name changes.
import { sortText } from '#shared/base/sort-text.ts';

interface Key {
  name: string;
  text: string;
}

export class NameOrder {
  readonly #names: readonly string[];
  /** By row: to make and sort ten thousand of them takes 30 ms, and a fleet is asked for every second at worst. */
  readonly #keys: Key[] = [];
  #order: readonly number[] = [];

  /** `names` by row; they may change, and more may come. */
  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** Each row once; rows of one name stand as their numbers do. */
  sorted(rows: readonly number[]): number[] {
    this.#refresh();
    const asked = new Uint8Array(this.#names.length);
    for (const row of rows) asked[row] = 1;
    return this.#order.filter((row) => asked[row] === 1);
  }

  #refresh(): void {
    let isChanged = false;
    for (const [row, name] of this.#names.entries()) {
      if (this.#keys[row]?.name === name) continue;
      this.#keys[row] = { name, text: sortText(name) };
      isChanged = true;
    }
    if (!isChanged) return;
    const textOf = (row: number) => this.#keys[row]?.text ?? '';
    this.#order = [...this.#names.keys()].sort((a, b) => (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0));
  }
}
