// Who may have a certificate: proofs of enrolment and renewal, and the rule for expired ones. Pure; the gateway stores.
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError, type ErrorCode } from '#shared/base/errors.ts';
import type { RelayId } from '#shared/base/id.ts';
import type { EnrolRequest, RenewRequest } from '#shared/crypto/enrolment-messages.ts';
import { spkiKeyId, verifyKeyProof } from '#shared/crypto/identity-key.ts';
import {
  assertIssuedBy,
  type RelayCertificate,
  readCertificate,
  readRelayCertificate,
} from '#shared/crypto/peer-certificate.ts';
import { hashSecret } from '#shared/crypto/token.ts';
import { fromBase64url } from '#shared/seal/base64url.ts';

/** How long an expired certificate may still renew itself: a laptop in a drawer, a ship, a closed school. */
export const RENEWAL_GRACE_MS = 180 * 86_400_000;
// A renewal proof is fresh within this: more than the 10 minutes a site's clock may be off.
const MAX_SKEW_MS = 15 * 60_000;

function bytesOf(text: string, what: string): Uint8Array {
  const bytes = fromBase64url(text);
  if (bytes === undefined) throw new AppError('bad-request', `${what} is not base64url in its one spelling`);
  return bytes;
}

export interface ProvenEnrolment {
  /** SubjectPublicKeyInfo, DER: what the certificate will be for. */
  spki: Uint8Array;
  /** `key_id` of the relay. */
  keyId: string;
  /** To be compared with `enrolment_token.hash` of the token's id, in the transaction that issues. */
  tokenHash: string;
}

/** Proves that whoever asks holds the key, for this very token; whether the token is good is the store's to say. */
export function verifyEnrolmentProof(request: EnrolRequest): ProvenEnrolment {
  const spki = bytesOf(request.spki, 'spki');
  const tokenHash = hashSecret(request.secret);
  const statement = { purpose: 'enrol' as const, tokenId: request.tokenId, tokenHash };
  verifyKeyProof(statement, spki, bytesOf(request.proof, 'proof'));
  return { spki, keyId: spkiKeyId(spki), tokenHash };
}

/** Proves a renewal over HTTPS: a certificate of this authority, expired or not, and its key used just now. */
export function verifyRenewalProof(request: RenewRequest, authorityPem: string, now: EpochMs): RelayCertificate {
  const certificate = readCertificate(request.certificate);
  assertIssuedBy(certificate, authorityPem);
  const relay = readRelayCertificate(certificate);
  const skew = request.time - now;
  if (Math.abs(skew) > MAX_SKEW_MS) {
    const seconds = Math.round(skew / 1_000);
    throw new AppError(
      'clock-skew',
      `relay ${relay.relay}: its clock is ${seconds} s off; renewal takes at most 900 s`,
    );
  }
  const { time, nonce } = request;
  const statement = { purpose: 'renew' as const, relay: relay.relay, serial: relay.serial, time, nonce };
  verifyKeyProof(statement, relay.spki, bytesOf(request.proof, 'proof'));
  return relay;
}

export interface LinkRenewal {
  relay: RelayId;
  /** `key_id` of that relay in the store: a key is renewed, never exchanged. */
  keyId: string;
  spki: Uint8Array;
  proof: Uint8Array;
}

/** Proves a RENEW that came over the link of `relay`. */
export function verifyLinkRenewal({ relay, keyId, spki, proof }: LinkRenewal): void {
  if (spkiKeyId(spki) !== keyId) throw new AppError('certificate-unknown', `relay ${relay}: renewal for another key`);
  verifyKeyProof({ purpose: 'renew-link', relay }, spki, proof);
}

export interface RenewalQuestion {
  certificate: Pick<RelayCertificate, 'relay' | 'expiresAt'>;
  now: EpochMs;
  /** When the relay was revoked, as stored. */
  revokedAt: EpochMs | null;
}

export type RenewalDecision = { ok: true } | { ok: false; code: ErrorCode; message: string };

/** Whether a proven certificate may be renewed. Revoked is for ever; expired is forgiven for 180 days. */
export function renewalDecision({ certificate, now, revokedAt }: RenewalQuestion): RenewalDecision {
  const name = `relay ${certificate.relay}`;
  if (revokedAt !== null) return { ok: false, code: 'certificate-revoked', message: `${name}: revoked` };
  if (now - certificate.expiresAt > RENEWAL_GRACE_MS) {
    const days = Math.floor((now - certificate.expiresAt) / 86_400_000);
    const message = `${name}: its certificate expired ${days} days ago; enrol it again`;
    return { ok: false, code: 'certificate-expired', message };
  }
  return { ok: true };
}
