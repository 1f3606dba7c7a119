// What somebody can sign in with and when they were seen last.

export type FactorName = 'passkey' | 'password' | 'totp' | 'recovery' | 'oidc';

export interface SignInStanding {
  /** In the order of the type; empty for who was invited and has set up nothing. */
  factors: readonly FactorName[];
  /** The newest of their open sessions and passkeys; null when neither tells. */
  lastSeenAt: number | null;
}

export const FACTOR_ORDER: readonly FactorName[] = ['passkey', 'password', 'totp', 'recovery', 'oidc'];
export const NO_STANDING: SignInStanding = { factors: [], lastSeenAt: null };
