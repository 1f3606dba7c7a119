// Whether those who signed are enough for a tier: distinct people, rendered signatures, and somebody who may order at all.
import { AppError } from '#shared/base/errors.ts';
import type { Signer, TierRule } from '#shared/model/charter.ts';
import { personOf } from './signature-check.ts';

/** What still lacks before an order may go anywhere; all zero and true when nothing does. */
export interface Missing {
  people: number;
  rendered: number;
  /** No technician has signed yet: an approver alone orders nothing. */
  technician: boolean;
}

export function missingFor(rule: Pick<TierRule, 'people' | 'rendered'>, signers: readonly Signer[]): Missing {
  const people = new Set(signers.map(personOf)).size;
  // Two rendered signatures of one person are one look at the order.
  const rendered = new Set(signers.filter(({ kind }) => kind === 'cli-ed25519').map(personOf)).size;
  return {
    people: Math.max(0, rule.people - people),
    rendered: Math.max(0, rule.rendered - rendered),
    technician: !signers.some(({ role }) => role === 'technician'),
  };
}

export const isEnough = ({ people, rendered, technician }: Missing): boolean =>
  people === 0 && rendered === 0 && !technician;

/** A guardian's signature under an order is refused, whoever else signed: that key was given for stopping. */
export function checkRoles(signers: readonly Signer[]): void {
  const guardian = signers.find(({ role }) => role === 'guardian');
  if (guardian !== undefined)
    throw new AppError('denied', `${guardian.name} may stop orders, and signs none (key ${guardian.key.id})`);
}

export function checkSigners(name: string, rule: Pick<TierRule, 'people' | 'rendered'>, signers: readonly Signer[]) {
  checkRoles(signers);
  const missing = missingFor(rule, signers);
  if (!isEnough(missing)) throw new AppError('signature-missing', `${name}: ${missingText(missing)}`);
}

export function missingText({ people, rendered, technician }: Missing): string {
  const parts = [
    people > 0 ? `${people} more ${people === 1 ? 'person has' : 'people have'} to sign` : '',
    rendered > 0 ? `${rendered} of the signatures must come from the command line` : '',
    technician ? 'a technician has to sign' : '',
  ];
  return parts.filter((part) => part !== '').join('; ');
}
