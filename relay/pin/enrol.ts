// Enrolment: shows a token to the console it names, checks every word of the answer, and pins what it brings.

import type https from 'node:https';
import { hostname } from 'node:os';
import { AppError } from '#shared/base/errors.ts';
import { ENROL_PATH, EnrolAnswer, type EnrolRequest, type RelayKind } from '#shared/crypto/enrolment-messages.ts';
import { newRelayKey, proveKey, spkiKeyId, spkiOf } from '#shared/crypto/identity-key.ts';
import {
  assertIssuedBy,
  fingerprintSha256,
  readCertificate,
  readRelayCertificate,
} from '#shared/crypto/peer-certificate.ts';
import { type EnrolmentToken, hashSecret, parseToken } from '#shared/crypto/token.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { DeviceSystem } from '#shared/model/device.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import { verifyCharter } from '#shared/seal/charter-seal.ts';
import { isKeyIdTrue } from '#shared/seal/key-pair.ts';
import { storeFirstCharter } from './charter-store.ts';
import { askConsole } from './console-request.ts';
import type { Enrolment, IdentityStore } from './identity.ts';

export interface EnrolOptions {
  /** The relay's data folder. */
  data: string;
  store: IdentityStore;
  /** As pasted. */
  token: string;
  kind: RelayKind;
  /** Release of this software. */
  version: string;
  /** Of this machine. */
  identity: DeviceIdentity;
  system: DeviceSystem;
  /** Fingerprint of the owner key, passed by hand: the one thing a stolen console cannot forge. */
  owner?: string | undefined;
  /** Enrol although enrolled: a new key, a new relay. */
  isReplacing?: boolean;
  agent?: https.Agent | undefined;
  signal: AbortSignal;
}

/** Enrols this relay; when it returns, identity and charter are on disk. Throws the code of what is wrong. */
export async function enrol(options: EnrolOptions): Promise<{ enrolment: Enrolment; charter: Charter }> {
  const { store } = options;
  if (store.enrolment !== undefined && !options.isReplacing) {
    throw new AppError('conflict', `this machine is already relay ${store.enrolment.relay}`);
  }
  const token = parseToken(options.token);
  // A first enrolment that lost its answer is repeated with the same key.
  const privateKey = store.enrolment === undefined ? store.privateKey : newRelayKey();
  const answer = await askConsole({
    url: token.url,
    path: ENROL_PATH,
    body: requestOf(options, token, privateKey),
    answer: EnrolAnswer,
    authority: token.authority,
    agent: options.agent,
    signal: options.signal,
  });
  checkCertificates(answer, token, privateKey);
  const charter = await checkOwner(answer, options.owner);
  const { relay, site, certificate, authority, owner, linkPort } = answer;
  const pinned = { relay, site, certificate, authority, owner, linkPort };
  const enrolment: Enrolment = { ...pinned, kind: options.kind, consoleUrl: token.url };
  storeFirstCharter(options.data, answer.charter, charter);
  // Last: with this file the relay is enrolled, without it nothing happened here.
  store.saveEnrolment(enrolment, privateKey);
  return { enrolment, charter };
}

function requestOf(options: EnrolOptions, token: EnrolmentToken, privateKey: string): EnrolRequest {
  const statement = { purpose: 'enrol' as const, tokenId: token.id, tokenHash: hashSecret(token.secret) };
  return {
    tokenId: token.id,
    secret: token.secret,
    spki: spkiOf(privateKey).toString('base64url'),
    proof: proveKey(statement, privateKey).toString('base64url'),
    hostname: hostname().slice(0, 253) || 'unnamed',
    version: options.version,
    kind: options.kind,
    identity: options.identity,
    system: options.system,
  };
}

function checkCertificates(answer: EnrolAnswer, token: EnrolmentToken, privateKey: string): void {
  if (fingerprintSha256(answer.authority) !== token.authority) {
    throw new AppError('authority-mismatch', 'the console answers with another authority than its token names');
  }
  const certificate = readCertificate(answer.certificate);
  assertIssuedBy(certificate, answer.authority);
  const named = readRelayCertificate(certificate);
  const isOurs = named.keyId === spkiKeyId(spkiOf(privateKey));
  if (!isOurs || named.relay !== answer.relay || named.site !== answer.site) {
    throw new AppError('certificate-unknown', 'the console answers with a certificate that is not for this relay');
  }
}

async function checkOwner(answer: EnrolAnswer, expected: string | undefined): Promise<Charter> {
  const { owner } = answer;
  if (!(await isKeyIdTrue(owner))) throw new AppError('owner-mismatch', 'the owner key is not the one its id names');
  if (expected !== undefined && expected !== owner.id) {
    throw new AppError(
      'owner-mismatch',
      `the console names owner ${owner.id}, you were given ${expected.slice(0, 64)}`,
    );
  }
  const charter = await verifyCharter(answer.charter, { pinnedOwners: [owner], quorum: 1 });
  if (charter.site !== answer.site) {
    throw new AppError(
      'charter-invalid',
      `the charter is for site ${charter.site}, the certificate for ${answer.site}`,
    );
  }
  return charter;
}
