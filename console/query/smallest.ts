// The first few of many in an order, without sorting them all.

/** Keeps the `limit` smallest of what it is given. */
export class Smallest<T> {
  readonly #limit: number;
  readonly #compare: (a: T, b: T) => number;
  readonly #kept: T[] = [];
  #worst: T | undefined;

  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  /** What is not smaller than this one is not kept; undefined while all are. */
  get worst(): T | undefined {
    return this.#worst;
  }

  add(item: T): void {
    if (this.#worst !== undefined && this.#compare(item, this.#worst) >= 0) return;
    const kept = this.#kept;
    kept.push(item);
    // Cut at twice the limit: to sort so few, so seldom, is cheaper than a heap.
    if (kept.length < this.#limit * 2) return;
    kept.sort(this.#compare).length = this.#limit;
    this.#worst = kept.at(-1);
  }

  inOrder(): T[] {
    return this.#kept.sort(this.#compare).slice(0, this.#limit);
  }
}

/** The `limit` smallest of what `make` makes of each item, in order. */
export function smallest<I, T>(
  items: Iterable<I>,
  limit: number,
  make: (item: I) => T,
  compare: (a: T, b: T) => number,
): T[] {
  const kept = new Smallest(limit, compare);
  for (const item of items) kept.add(make(item));
  return kept.inOrder();
}
