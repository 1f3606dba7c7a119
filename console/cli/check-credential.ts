// What the doctor says of a sealed login: sealed for a machine that is gone, unreadable, or near its end.
import type { CredentialSummary } from '#shared/contract/credential-contract.ts';
import type { Check } from './check.ts';
import { duration } from './output.ts';

/** A month: logins are changed by people, who are away for two weeks. */
const WARN_MS = 30 * 86_400_000;

/** Undefined when nothing is to be done. */
export function checkCredential(one: CredentialSummary, now: number): Check | undefined {
  const name = `credential ${one.name}`;
  if (one.needsSealing)
    return {
      name,
      verdict: 'failed',
      detail: 'its relay cannot read it: replaced, or of another key',
      advice: 'rmm credential seal for the relay of today, or rmm credential remove',
    };
  if (one.notAfter === null || one.sealedTo.length === 0 || one.notAfter - now > WARN_MS) return undefined;
  const left = one.notAfter - now;
  const detail = left <= 0 ? 'has ended: it is offered nowhere' : `ends in ${duration(left)}`;
  return {
    name,
    verdict: left <= 0 ? 'failed' : 'warning',
    detail,
    advice: 'rmm credential seal with a later --expires',
  };
}
