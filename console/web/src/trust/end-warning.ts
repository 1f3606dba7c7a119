// How near the end of a login is: a month, two weeks and three days before, and when it is over.

const DAY_MS = 86_400_000;

/** Undefined: more than a month, or none. */
export type EndWarning = 'soon' | 'near' | 'last' | 'over' | undefined;

/** People are away for two weeks; three days are a weekend. */
export function endWarning(notAfter: number | null, now: number): EndWarning {
  if (notAfter === null) return undefined;
  const left = notAfter - now;
  if (left <= 0) return 'over';
  if (left <= 3 * DAY_MS) return 'last';
  if (left <= 14 * DAY_MS) return 'near';
  return left <= 30 * DAY_MS ? 'soon' : undefined;
}
