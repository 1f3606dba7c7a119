// Signing a site charter with owner keys, and deciding whether a holder of an older one may take it.
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { Charter, type PublicKey, type SignedCharter, type Signer } from '#shared/model/charter.ts';
import { fromBase64url, toBase64url } from './base64url.ts';
import { canonicalJson, parseCanonical } from './canonical.ts';
import { sha256B64u } from './hash.ts';
import { isKeyIdTrue, type SigningKey } from './key-pair.ts';
import { openStrict, signStrict } from './strict-jws.ts';

const TYPE = 'rmm-charter';

/** The charter's canonical text with one detached signature (`header..signature`) per owner key. */
export async function signCharter(charter: Charter, owners: readonly SigningKey[]): Promise<SignedCharter> {
  await assertSound(charter);
  const text = canonicalJson(charter);
  const signatures = await Promise.all(owners.map((owner) => signStrict(text, TYPE, owner)));
  return { charter: text, signatures: signatures.map(detach) };
}

const detach = (jws: string): string => {
  const [header = '', , signature = ''] = jws.split('.');
  return `${header}..${signature}`;
};

/** Whose signatures count, and what must be exceeded. At first contact: the pinned owner, quorum 1, no `current`. */
export interface CharterTrust {
  pinnedOwners: readonly PublicKey[];
  quorum: number;
  /** The charter held now: the next one has a higher version and the same site. */
  current?: Charter;
}

/** The trust of somebody who holds `charter`: its owners, in its quorum, decide on the next. */
export const trustOf = (charter: Charter): CharterTrust => ({
  pinnedOwners: charter.owners,
  quorum: charter.quorum,
  current: charter,
});

/** The charter, once `quorum` distinct pinned owners signed it and it supersedes `current`. Expiry is the user's to check. */
export async function verifyCharter(signed: SignedCharter, trust: CharterTrust): Promise<Charter> {
  const signers = new Set<string>();
  for (const signature of signed.signatures) {
    const owner = await ownerOf(signature, signed.charter, trust.pinnedOwners);
    if (owner !== undefined) signers.add(owner);
  }
  if (trust.quorum < 1 || signers.size < trust.quorum) {
    const found = `${signers.size} of ${trust.quorum} pinned owners`;
    throw new AppError('signature-invalid', `charter: signed by ${found}`);
  }
  const charter = await readCharter(signed);
  if (trust.current !== undefined) assertSupersedes(charter, trust.current);
  return charter;
}

async function ownerOf(signature: string, text: string, owners: readonly PublicKey[]): Promise<string | undefined> {
  const [header = '', payload, tail = '', ...rest] = signature.split('.');
  if (payload !== '' || rest.length > 0)
    throw new AppError('signature-invalid', 'charter: a signature is not detached');
  const attached = `${header}.${toBase64url(new TextEncoder().encode(text))}.${tail}`;
  return (await openStrict(attached, TYPE, owners))?.signer.id;
}

/** The charter of a signed text, without proving the signatures: for showing, and for what was verified when stored. */
export async function readCharter(signed: SignedCharter): Promise<Charter> {
  const parsed = Charter.safeParse(parseCanonical(signed.charter, 'charter-invalid'));
  if (!parsed.success) {
    throw new AppError('charter-invalid', `the charter has not its form: ${z.prettifyError(parsed.error)}`);
  }
  await assertSound(parsed.data);
  return parsed.data;
}

function assertSupersedes(charter: Charter, current: Charter): void {
  if (charter.site !== current.site) {
    throw new AppError(
      'charter-invalid',
      `charter ${charter.version} is for site ${charter.site}, not ${current.site}`,
    );
  }
  if (charter.version <= current.version) {
    throw new AppError('charter-rollback', `charter ${charter.version} is not newer than ${current.version}`);
  }
}

/** What the schema cannot say: true key ids, nobody twice, a quorum that can be met, a span of time. */
async function assertSound(charter: Charter): Promise<void> {
  const sealing = (charter.sealingKeys ?? []).map(({ key }) => key);
  const escrow = charter.escrowKey === undefined ? [] : [charter.escrowKey];
  const isEachTrue = await Promise.all([
    ...[...charter.owners, ...sealing, ...escrow].map(isKeyIdTrue),
    ...charter.signers.map(isSignerIdTrue),
  ]);
  const faults = [
    [isEachTrue.includes(false), 'a key id is not the hash of its key'],
    [hasTwins(charter.owners), 'an owner is named twice'],
    [hasTwins(charter.signers.map((signer) => signer.key)), 'a signer is named twice'],
    [hasTwins(sealing), 'a sealing key is named twice'],
    [charter.quorum > charter.owners.length, 'the quorum is larger than the number of owners'],
    [charter.expiresAt <= charter.issuedAt, 'it expires before it is issued'],
  ] as const;
  for (const [isFault, what] of faults) {
    if (isFault) throw new AppError('charter-invalid', `charter ${charter.version}: ${what}`);
  }
}

async function isSignerIdTrue(signer: Signer): Promise<boolean> {
  if (signer.kind === 'cli-ed25519') return isKeyIdTrue(signer.key);
  const spki = fromBase64url(signer.key.spki);
  return spki !== undefined && (await sha256B64u(spki)) === signer.key.id;
}

const hasTwins = (keys: ReadonlyArray<{ id: string }>) => new Set(keys.map((key) => key.id)).size !== keys.length;
