// Sealing a credential for one relay, signed by a person; and proving at the relay that a signer of the charter made it.
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import type { Charter, PublicKey, SealingKey } from '#shared/model/charter.ts';
import {
  type BoxHeader,
  CredentialStatement,
  type SealedBox,
  type SealedCredential,
  SealedSecret,
} from '#shared/model/credential.ts';
import { fromBase64url } from './base64url.ts';
import { canonicalJson, parseCanonical } from './canonical.ts';
import { sha256, toHex } from './hash.ts';
import type { SigningKey } from './key-pair.ts';
import { openStrict, signStrict } from './strict-jws.ts';
import { type OpeningKey, openBox, sealBox } from './vault-box.ts';

const TYPE = 'rmm-credential';

const hashOf = async (box: SealedBox) => toHex(await sha256(canonicalJson(box)));

interface ToSeal {
  header: BoxHeader;
  secret: SealedSecret;
  /** The relay's key, and the owners' escrow key where there is one. */
  keys: readonly SealingKey[];
  issuedAt: number;
}

/** One box per key, one signature over all. */
export async function sealCredential({ header, secret, keys, issuedAt }: ToSeal, signer: SigningKey) {
  const text = canonicalJson(SealedSecret.parse(secret));
  const boxes = await Promise.all(keys.map((key) => sealBox(text, key, header)));
  return signBoxes(header, { boxes, issuedAt, notAfter: secret.binding.notAfter }, signer);
}

/** A revocation: a higher version without a box. */
export const revokeCredential = (header: BoxHeader, issuedAt: number, signer: SigningKey): Promise<SealedCredential> =>
  signBoxes(header, { boxes: [], issuedAt, notAfter: undefined }, signer);

interface Signable {
  boxes: SealedBox[];
  issuedAt: number;
  notAfter: number | undefined;
}

async function signBoxes(
  header: BoxHeader,
  { boxes, issuedAt, notAfter }: Signable,
  signer: SigningKey,
): Promise<SealedCredential> {
  const hashes = await Promise.all(boxes.map(async (box) => ({ to: box.to, hash: await hashOf(box) })));
  const statement = CredentialStatement.parse({
    ...header,
    kind: 'credential',
    issuedAt,
    ...(notAfter === undefined ? {} : { notAfter }),
    boxes: hashes,
  });
  return { signature: await signStrict(canonicalJson(statement), TYPE, signer), boxes };
}

/** What a signed credential says of itself, without proving the signature: for showing, and for what was verified when stored. */
export function statementOf(sealed: SealedCredential): CredentialStatement {
  const bytes = fromBase64url(sealed.signature.split('.')[1] ?? '');
  const text = new TextDecoder().decode(bytes ?? new Uint8Array());
  const parsed = CredentialStatement.safeParse(parseCanonical(text, 'signature-invalid'));
  if (!parsed.success) throw new AppError('signature-invalid', "the credential's statement has not its form");
  return parsed.data;
}

export const headerOf = ({ v, site, relay, name, version, slot }: CredentialStatement): BoxHeader => ({
  v,
  site,
  relay,
  name,
  version,
  slot,
});

export interface VerifiedCredential {
  statement: CredentialStatement;
  signer: PublicKey;
}

/** Who may seal: technicians with a key outside the console. */
export const sealersOf = (charter: Charter): PublicKey[] =>
  charter.signers.flatMap((signer) =>
    signer.kind === 'cli-ed25519' && signer.role === 'technician' ? [signer.key] : [],
  );

/** Proves that one of `signers` signed exactly these boxes; nothing of them is read before the proof stands. */
export async function verifySealedCredential(
  sealed: SealedCredential,
  signers: readonly PublicKey[],
): Promise<VerifiedCredential> {
  const opened = await openStrict(sealed.signature, TYPE, signers);
  if (opened === undefined)
    throw new AppError('signature-invalid', 'no technician of the charter signed this credential');
  const parsed = CredentialStatement.safeParse(parseCanonical(opened.payload, 'signature-invalid'));
  if (!parsed.success)
    throw new AppError(
      'signature-invalid',
      `the credential's statement has not its form: ${z.prettifyError(parsed.error)}`,
    );
  const found = await Promise.all(sealed.boxes.map(async (box) => ({ to: box.to, hash: await hashOf(box) })));
  if (canonicalJson(found) !== canonicalJson(parsed.data.boxes))
    throw new AppError('signature-invalid', `credential ${parsed.data.name}: the boxes are not those that were signed`);
  return { statement: parsed.data, signer: opened.signer };
}

/** The secret of a verified credential; throws `signature-invalid` when no box is for `key`, or what is inside has not its form. */
export async function openCredential(
  sealed: SealedCredential,
  statement: CredentialStatement,
  key: OpeningKey,
): Promise<SealedSecret> {
  const box = sealed.boxes.find(({ to }) => to === key.publicKey.id);
  if (box === undefined)
    throw new AppError('signature-invalid', `credential ${statement.name}: no box is sealed to this relay's key`);
  const text = await openBox(box, key, headerOf(statement));
  let secret: unknown;
  try {
    secret = parseCanonical(text, 'signature-invalid');
  } catch {
    secret = undefined; // the cause may quote the secret
  }
  const parsed = SealedSecret.safeParse(secret);
  if (!parsed.success)
    throw new AppError('signature-invalid', `credential ${statement.name}: what is sealed has not its form`);
  return parsed.data;
}
