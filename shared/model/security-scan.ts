// How well a machine is guarded: the same ten questions of every system, each yes, no or unknown, with what it rests on.

/** Their ids, in the order they are told; a page has a word for each. */
export const SECURITY_CHECKS = [
  'updates',
  'antivirus',
  'firewall',
  'disk-encryption',
  'local-admins',
  'password-policy',
  'open-ports',
  'certificates',
  'reboot',
  'security-log',
] as const;

/** `unknown` is no half of anything: nobody could say. */
export type SecurityVerdict = 'yes' | 'no' | 'unknown';

export type SecurityCheck = {
  id: string;
  /** Is it as it should be? */
  verdict: SecurityVerdict;
  /** One plain sentence with the numbers it rests on, or why nobody could say. */
  evidence: string;
};

/** Body of the fact `security-scan`. */
export type SecurityScan = {
  checks: SecurityCheck[];
  /** 0 to 100: the share of "yes" among the known, rounded; null when nothing is known. */
  score: number | null;
  known: number;
  unknown: number;
};

/** The score speaks of what is known, and says how much is not. */
export function securityScan(checks: readonly SecurityCheck[]): SecurityScan {
  const good = checks.filter(({ verdict }) => verdict === 'yes').length;
  const unknown = checks.filter(({ verdict }) => verdict === 'unknown').length;
  const known = checks.length - unknown;
  return { checks: [...checks], score: known === 0 ? null : Math.round((good / known) * 100), known, unknown };
}
