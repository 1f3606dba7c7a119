// The console's certificate authority and the certificate of its own TLS ports, kept under `<data>/certs`.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import path from 'node:path';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import {
  type Authority,
  createAuthority,
  issueServerCertificate,
  type KeyAndCertificate,
  loadAuthority,
} from '#shared/crypto/certificate.ts';
import { CONSOLE_TLS_NAME, expiryOf, fingerprintSha256, readCertificate } from '#shared/crypto/peer-certificate.ts';
import { createPrivateFile, readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';

// A third of its 90 days: a console that is started once a month still renews in time.
const RENEW_BEFORE_MS = 30 * 86_400_000;

const fileIn = (data: string, name: string) => path.join(data, 'certs', name);

/** The authority of `data`, made when there is none. Half of one is an error: a new one would orphan every relay. */
export async function openAuthority(data: string, now: EpochMs): Promise<Authority> {
  const certificate = readPrivateFile(fileIn(data, 'authority.pem'));
  const privateKey = readPrivateFile(fileIn(data, 'authority.key'));
  if (certificate !== undefined && privateKey !== undefined) {
    if (!isPair({ certificate, privateKey })) {
      throw new AppError('authority-mismatch', `${fileIn(data, 'authority.key')} is not the key of authority.pem`);
    }
    return loadAuthority({ certificate, privateKey });
  }
  if (certificate === undefined && privateKey === undefined) return makeAuthority(data, now);
  const [missing, present] = certificate === undefined ? ['pem', 'key'] : ['key', 'pem'];
  const advice = 'restore it from a backup; relays know this console by it';
  throw new AppError(
    'config-invalid',
    `${fileIn(data, `authority.${missing}`)} is missing beside .${present}: ${advice}`,
  );
}

async function makeAuthority(data: string, now: EpochMs): Promise<Authority> {
  const made = await createAuthority(now);
  createPrivateFile(fileIn(data, 'authority.key'), made.privateKey);
  createPrivateFile(fileIn(data, 'authority.pem'), made.certificate);
  return loadAuthority(made);
}

/** What an enrolment token carries and a person may compare: lower-case hex SHA-256. */
export const authorityFingerprint = (authority: Authority): string => fingerprintSha256(authority.certificatePem);

function isPair({ certificate, privateKey }: KeyAndCertificate): boolean {
  return readCertificate(certificate).checkPrivateKey(createPrivateKey(privateKey));
}

export interface ServerNames {
  /** Host names and addresses, mixed, as configured. */
  names: readonly string[];
  now: EpochMs;
}

/** Key and chain for the TLS ports: the ones on disk while they fit and last 30 days more, else new ones. */
export async function openServerCertificate(
  data: string,
  authority: Authority,
  wanted: ServerNames,
): Promise<KeyAndCertificate> {
  const certificate = readPrivateFile(fileIn(data, 'server.pem'));
  const privateKey = readPrivateFile(fileIn(data, 'server.key'));
  if (certificate !== undefined && privateKey !== undefined) {
    const kept = { certificate, privateKey };
    if (isPair(kept) && isStillFit(new X509Certificate(certificate), authority, wanted)) return kept;
  }
  const ips = wanted.names.filter((name) => isIP(name) !== 0);
  const names = wanted.names.filter((name) => isIP(name) === 0);
  const made = await issueServerCertificate(authority, { names, ips, now: wanted.now });
  writePrivateFile(fileIn(data, 'server.key'), made.privateKey);
  writePrivateFile(fileIn(data, 'server.pem'), made.certificate);
  return made;
}

function isStillFit(certificate: X509Certificate, authority: Authority, { names, now }: ServerNames): boolean {
  if (expiryOf(certificate) - now < RENEW_BEFORE_MS) return false;
  const issuer = new X509Certificate(authority.certificatePem);
  if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) return false;
  const all = [...new Set([...names, CONSOLE_TLS_NAME])];
  const isNamed = (name: string) =>
    (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
  // As many entries as names, and each name among them: the sets are equal.
  return (certificate.subjectAltName ?? '').split(', ').length === all.length && all.every(isNamed);
}
