// The first few of many in an order, without sorting them all.

/** The `limit` smallest of what `make` makes of each item, in order. */
export function smallest<I, T>(
  items: Iterable<I>,
  limit: number,
  make: (item: I) => T,
  compare: (a: T, b: T) => number,
): T[] {
  const kept: T[] = [];
  let worst: T | undefined;
  for (const item of items) {
    const made = make(item);
    if (worst !== undefined && compare(made, worst) >= 0) continue;
    kept.push(made);
    // Cut at twice the limit: to sort so few, so seldom, is cheaper than a heap.
    if (kept.length < limit * 2) continue;
    kept.sort(compare).length = limit;
    worst = kept.at(-1);
  }
  kept.sort(compare);
  return kept.slice(0, limit);
}
