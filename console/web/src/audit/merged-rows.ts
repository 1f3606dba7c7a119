// Rows that are written while one looks, joined with those that were read before.

/** Newest first, each once: what came lately stands before what was read earlier. */
export function merged<Row extends { seq: number }>(newest: readonly Row[], older: readonly Row[]): Row[] {
  const first = older[0]?.seq ?? -1;
  return [...newest.filter(({ seq }) => seq > first), ...older];
}

/**
 * Whether rows may lie between both that neither holds: a whole page came, and nothing of it was read before. So it is with a busy
 * trail, or a page that nobody looked at for an hour.
 */
export function hasGap<Row extends { seq: number }>(
  newest: readonly Row[],
  older: readonly Row[],
  page: number,
): boolean {
  const [first] = older;
  const last = newest.at(-1);
  return newest.length >= page && last !== undefined && first !== undefined && last.seq > first.seq;
}
