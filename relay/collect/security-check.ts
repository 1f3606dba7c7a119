// Writes one check of a security scan: a verdict and the sentence it rests on.
import type { SecurityCheck, SecurityVerdict } from '#shared/model/security-scan.ts';

/** A sentence with names of a device in it is cut here. */
const MAX_EVIDENCE = 300;

export function securityCheck(id: string, verdict: SecurityVerdict, evidence: string): SecurityCheck {
  return { id, verdict, evidence: evidence.replaceAll(/\p{Cc}/gu, ' ').slice(0, MAX_EVIDENCE) };
}

/** `isGood` undefined is unknown. */
export const verdictOf = (isGood: boolean | undefined): SecurityVerdict =>
  isGood === undefined ? 'unknown' : isGood ? 'yes' : 'no';
