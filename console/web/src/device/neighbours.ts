// The list one came from, kept while one goes through its devices: the next, the former, and the way back.

export interface Trail {
  /** Where the list stands, with its filter and order. */
  href: string;
  /** Of its devices, in its order; asked when they are needed. */
  ids: () => readonly string[];
}

let trail: Trail | undefined;

/** Set by a list while it is shown; the newest one counts. */
export function leaveTrail(next: Trail): void {
  trail = next;
}

export const currentTrail = (): Trail | undefined => trail;

export interface Neighbours {
  former: string | undefined;
  next: string | undefined;
  /** Counted from 1; 0 when the device is not in the list. */
  place: number;
  count: number;
}

export function neighboursOf(ids: readonly string[], id: string): Neighbours {
  const at = ids.indexOf(id);
  const isIn = at >= 0;
  return {
    former: isIn ? ids[at - 1] : undefined,
    next: isIn ? ids[at + 1] : undefined,
    place: at + 1,
    count: ids.length,
  };
}
