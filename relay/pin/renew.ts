// Keeps the relay's certificate valid: over the link while it is, by proof of its key over HTTPS once it has expired.
import { randomBytes } from 'node:crypto';
import type https from 'node:https';
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { RENEW_PATH, RenewAnswer } from '#shared/crypto/enrolment-messages.ts';
import { proveKey, spkiOf } from '#shared/crypto/identity-key.ts';
import {
  assertIssuedBy,
  fingerprintSha256,
  type RelayCertificate,
  readCertificate,
  readRelayCertificate,
} from '#shared/crypto/peer-certificate.ts';
import { askConsole } from './console-request.ts';
import type { Enrolment, IdentityStore } from './identity.ts';

export type CertificateState = 'valid' | 'due' | 'expired';

/** `due` when less than a third of its life is left: of 14 days, more than four to find a working link. */
export function certificateState({ issuedAt, expiresAt }: RelayCertificate, now: EpochMs): CertificateState {
  if (now >= expiresAt) return 'expired';
  return (expiresAt - now) * 3 < expiresAt - issuedAt ? 'due' : 'valid';
}

/** What a RENEW frame carries. */
export interface LinkRenewRequest {
  kind: 'request';
  spki: Uint8Array;
  proof: Uint8Array;
}

export interface RenewDeps {
  store: IdentityStore;
  clock: Clock;
  /** Sends RENEW and resolves with the answered PEM; undefined while there is no open link. */
  askOverLink?: ((request: LinkRenewRequest) => Promise<string>) | undefined;
  agent?: https.Agent | undefined;
  signal: AbortSignal;
}

/** Renews when it is time and there is a way; says whether it did. Throws the console's refusal. */
export async function renewIfDue(deps: RenewDeps): Promise<'not-due' | 'no-way' | 'renewed'> {
  const { store } = deps;
  const { enrolment, certificate } = store;
  if (enrolment === undefined || certificate === undefined) return 'not-due';
  const state = certificateState(certificate, deps.clock.now());
  if (state === 'valid') return 'not-due';
  // While the certificate lasts the link will come back; the other door is for when it cannot.
  if (state === 'due' && deps.askOverLink === undefined) return 'no-way';
  const pem =
    deps.askOverLink === undefined
      ? await askOverHttps(deps, enrolment, certificate)
      : await deps.askOverLink(linkRequest(store, enrolment));
  saveRenewed(store, enrolment, pem);
  return 'renewed';
}

function linkRequest(store: IdentityStore, { relay }: Enrolment): LinkRenewRequest {
  const proof = proveKey({ purpose: 'renew-link', relay }, store.privateKey);
  return { kind: 'request', spki: new Uint8Array(spkiOf(store.privateKey)), proof: new Uint8Array(proof) };
}

async function askOverHttps(deps: RenewDeps, enrolment: Enrolment, certificate: RelayCertificate): Promise<string> {
  const { relay, serial } = certificate;
  const time = deps.clock.now();
  // 192 bits: no two proofs of one relay are ever the same.
  const nonce = randomBytes(24).toString('base64url');
  const proof = proveKey({ purpose: 'renew', relay, serial, time, nonce }, deps.store.privateKey);
  const answer = await askConsole({
    url: enrolment.consoleUrl,
    path: RENEW_PATH,
    body: { certificate: enrolment.certificate, time, nonce, proof: proof.toString('base64url') },
    answer: RenewAnswer,
    authority: fingerprintSha256(enrolment.authority),
    agent: deps.agent,
    signal: deps.signal,
  });
  return answer.certificate;
}

/** Takes a certificate only when it is this relay's own, of the pinned authority, and lasts longer. */
function saveRenewed(store: IdentityStore, enrolment: Enrolment, pem: string): void {
  const certificate = readCertificate(pem);
  assertIssuedBy(certificate, enrolment.authority);
  const renewed = readRelayCertificate(certificate);
  const present = readRelayCertificate(readCertificate(enrolment.certificate));
  const isSame = renewed.relay === present.relay && renewed.site === present.site && renewed.keyId === present.keyId;
  if (!isSame || renewed.expiresAt <= present.expiresAt) {
    throw new AppError('certificate-unknown', `relay ${present.relay}: answered with a certificate that is no renewal`);
  }
  store.saveEnrolment({ ...enrolment, certificate: pem });
}
