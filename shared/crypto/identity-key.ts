// A relay's own Ed25519 key, and the statements it signs to prove that it holds it.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId } from '#shared/base/id.ts';
import { HeldStatement } from '#shared/model/audit-checkpoint.ts';
import { canonicalJson, parseCanonical } from '#shared/seal/canonical.ts';

// The fixed DER head of an Ed25519 SubjectPublicKeyInfo (RFC 8410); 32 key bytes follow.
// Comparing it means that no key parser ever meets a stranger's bytes.
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const SPKI_BYTES = 44;

/** A new private key, PKCS#8 PEM, for a 0600 file; it never leaves the relay. */
export function newRelayKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The SubjectPublicKeyInfo (DER) of a private key PEM. */
export function spkiOf(privateKeyPem: string): Buffer {
  const spki = createPublicKey(createPrivateKey(privateKeyPem)).export({ type: 'spki', format: 'der' });
  assertRelaySpki(spki);
  return spki;
}

/** Throws unless the bytes are an Ed25519 SubjectPublicKeyInfo, to the byte. */
export function assertRelaySpki(spki: Uint8Array): void {
  const isFit = spki.length === SPKI_BYTES && SPKI_HEAD.equals(spki.subarray(0, SPKI_HEAD.length));
  if (!isFit) throw new AppError('bad-request', 'the public key is not an Ed25519 SubjectPublicKeyInfo');
}

/** The name of a relay's key: base64url SHA-256 of its SubjectPublicKeyInfo. */
export const spkiKeyId = (spki: Uint8Array): string => createHash('sha256').update(spki).digest('base64url');

/** Signed at enrolment: binds the key to this one token. */
export interface EnrolStatement {
  purpose: 'enrol';
  tokenId: string;
  /** `hashSecret` of the token's secret. */
  tokenHash: string;
}
/** Signed for a renewal over the link: the link itself is fresh and already of this relay. */
export interface LinkRenewStatement {
  purpose: 'renew-link';
  relay: RelayId;
}
/** Signed for a renewal over HTTPS, the door of an expired certificate. */
export interface RenewStatement {
  purpose: 'renew';
  relay: RelayId;
  /** Serial of the certificate that is renewed. */
  serial: string;
  time: EpochMs;
  nonce: string;
}
/** Counter-signs a checkpoint of the audit trail: this relay saw it, and it fitted what the relay held. */
export interface CountersignStatement {
  purpose: 'countersign-audit';
  relay: RelayId;
  console: string;
  /** Key id of the audit key. */
  key: string;
  seq: number;
  hash: string;
  at: EpochMs;
}
/** Tells what a relay holds of the audit trail, to whoever chose the nonce. */
export type HeldAuditStatement = Omit<HeldStatement, 'v' | 'spki'>;
export type KeyStatement =
  | EnrolStatement
  | LinkRenewStatement
  | RenewStatement
  | CountersignStatement
  | HeldAuditStatement;

/** What is signed: the statement and the key it speaks for; `purpose` keeps one kind from passing for another. */
export const statementText = (statement: KeyStatement, spki: Uint8Array): string =>
  canonicalJson({ ...statement, v: 1, spki: spkiKeyId(spki) });

/** Signs `statement` with the relay's key. */
export function proveKey(statement: KeyStatement, privateKeyPem: string): Buffer {
  return sign(null, Buffer.from(statementText(statement, spkiOf(privateKeyPem))), createPrivateKey(privateKeyPem));
}

/** Throws `signature-invalid` unless the holder of `spki` signed exactly `statement`. */
export function verifyKeyProof(statement: KeyStatement, spki: Uint8Array, proof: Uint8Array): void {
  assertRelaySpki(spki);
  if (!isSignedBy(statementText(statement, spki), spki, proof))
    throw new AppError('signature-invalid', `${statement.purpose}: no proof that the key is held`);
}

/** What a relay says it holds of the trail, once its own key has signed it; the text names the key it speaks for. */
export function openHeld(text: string, spki: Uint8Array, proof: Uint8Array): HeldStatement {
  assertRelaySpki(spki);
  if (!isSignedBy(text, spki, proof)) throw new AppError('signature-invalid', 'held-audit: not signed by this key');
  const held = HeldStatement.safeParse(parseCanonical(text, 'signature-invalid'));
  if (!held.success || held.data.spki !== spkiKeyId(spki))
    throw new AppError('signature-invalid', 'held-audit: signed, but no statement of this key');
  return held.data;
}

function isSignedBy(text: string, spki: Uint8Array, proof: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  // 64 bytes is every Ed25519 signature; checked first because OpenSSL only says false.
  return proof.length === 64 && verify(null, Buffer.from(text), key, proof);
}
