// How near the end of a charter is, in the steps in which relays warn of it.

const DAY_MS = 86_400_000;

export type Expiry = 'soon' | 'near' | 'last' | 'over';

/** Thirty days, fourteen, three; undefined while there is time. */
export function expiryOf(expiresAt: number, now: number): Expiry | undefined {
  const days = (expiresAt - now) / DAY_MS;
  if (days <= 0) return 'over';
  if (days <= 3) return 'last';
  if (days <= 14) return 'near';
  return days <= 30 ? 'soon' : undefined;
}
