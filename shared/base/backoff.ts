// Full-jitter exponential back-off: spreads a crowd of reconnecting relays over time.

export interface BackoffOptions {
  baseMs: number;
  capMs: number;
  /** 0 <= value < 1 */
  random: () => number;
}

/** The wait before attempt `attempt` (0 is the first retry): uniform in [0, min(cap, base * 2^attempt)), at least base / 10. */
export function backoffMs(attempt: number, { baseMs, capMs, random }: BackoffOptions): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30));
  return Math.max(baseMs / 10, Math.floor(random() * ceiling));
}
