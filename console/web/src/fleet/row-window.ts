// Which rows of a long list stand in the page: rows are equally high, so that a division finds them and no row is an object.

export interface Sight {
  /** Rows of the list. */
  count: number;
  rowPx: number;
  /** Of the part that scrolls, with the head that covers its first row. */
  heightPx: number;
  scrollTop: number;
}

/** A press of an arrow meets the next row, and a turn of the wheel the next few. */
const BEYOND = 4;

/** From the first to the one behind the last. */
export interface Window {
  from: number;
  to: number;
}

export function windowOf({ count, rowPx, heightPx, scrollTop }: Sight): Window {
  // A list that became shorter is not scrolled beyond its end.
  const lowest = Math.max(0, (count + 1) * rowPx - heightPx);
  const top = Math.min(Math.max(0, scrollTop), lowest);
  const from = Math.floor(top / rowPx) - BEYOND;
  const to = Math.ceil((top + heightPx) / rowPx) - 1 + BEYOND;
  return { from: Math.max(0, from), to: Math.min(count, to) };
}

/** How far to scroll so that a row is seen whole, below the head; as far as now where it is. */
export function scrolledTo(index: number, { rowPx, heightPx, scrollTop }: Omit<Sight, 'count'>): number {
  const top = index * rowPx;
  if (top < scrollTop) return top;
  // The head takes one row's height of what is seen.
  const lowest = top + 2 * rowPx - heightPx;
  return lowest > scrollTop ? lowest : scrollTop;
}
