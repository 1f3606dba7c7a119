// A charter and the difference of two, in plain lines: what an owner reads before signing.
import { TIERS } from '#shared/model/action-tier.ts';
import type { Charter } from '#shared/model/charter.ts';
import { tierRule } from '#shared/seal/profile-tiers.ts';
import { personOf } from '#shared/seal/signature-check.ts';
import { table } from './output.ts';

/** Every line has a name of its own, so that two charters can be compared line by line. */
export function charterLines(charter: Charter): Map<string, string> {
  const lines = new Map<string, string>([
    ['profile', charter.profile],
    ['expires', new Date(charter.expiresAt).toISOString()],
    ['owners that must sign', `${charter.quorum} of ${charter.owners.length}`],
  ]);
  for (const owner of charter.owners) lines.set(`owner ${owner.id}`, 'yes');
  for (const signer of charter.signers) {
    const freezes = signer.isGuardian === true || signer.role === 'guardian' ? ', may freeze' : '';
    const pages = signer.kind === 'passkey' ? `, on ${signer.key.origins.join(' ')}` : '';
    const held = `${signer.kind}, ${signer.role}${freezes}, held by ${personOf(signer)}${pages}`;
    lines.set(`signer ${signer.name} ${signer.key.id}`, held);
  }
  for (const tier of TIERS)
    for (const [name, value] of Object.entries(tierRule(charter, tier))) lines.set(`${tier} ${name}`, String(value));
  for (const [name, value] of Object.entries(charter.caps)) lines.set(`cap ${name}`, String(value));
  for (const network of charter.networks ?? []) lines.set(`network ${network}`, 'yes');
  for (const { relay, key } of charter.sealingKeys ?? []) lines.set(`sealing key of relay ${relay}`, key.id);
  if (charter.escrowKey !== undefined) lines.set('escrow key', charter.escrowKey.id);
  return lines;
}

export const charterText = (charter: Charter): string =>
  table(['', ''], [['version', String(charter.version)], ...charterLines(charter)]).trimStart();

/** What is different, with a dash for what is not there; nothing but the version when nothing is. */
export function charterDifference(before: Charter, after: Charter): string[][] {
  const [a, b] = [charterLines(before), charterLines(after)];
  const names = [...new Set([...a.keys(), ...b.keys()])];
  return [
    ['version', String(before.version), String(after.version)],
    ...names
      .filter((name) => a.get(name) !== b.get(name))
      .map((name) => [name, a.get(name) ?? '-', b.get(name) ?? '-']),
  ];
}

export const differenceText = (before: Charter, after: Charter): string =>
  table(['', 'IN FORCE', 'PROPOSED'], charterDifference(before, after));
