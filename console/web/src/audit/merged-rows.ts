// Rows that are written while one looks, joined with those that were read before.

/** Newest first, each once: what came lately stands before what was read earlier. */
export function merged<Row extends { seq: number }>(newest: readonly Row[], older: readonly Row[]): Row[] {
  const first = older[0]?.seq ?? -1;
  return [...newest.filter(({ seq }) => seq > first), ...older];
}
