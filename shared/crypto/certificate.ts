// Issues the certificates of one console: its authority, its own server certificate, and those of its relays.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import type { CryptoKey } from 'jose';
import type { EpochMs } from '#shared/base/clock.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import { assertRelaySpki } from './identity-key.ts';
import { CLIENT_AUTH, CONSOLE_TLS_NAME, relayUri, SERVER_AUTH, siteUri } from './peer-certificate.ts';

const DAY_MS = 86_400_000;
// Clocks differ: a certificate is valid an hour before it is issued.
const BACKDATE_MS = 3_600_000;
const AUTHORITY_DAYS = 3_652; // ten years: outlives the hardware it is made on
const RELAY_DAYS = 14;
const SERVER_DAYS = 90;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** PEM texts for two files; the key is PKCS#8. */
export interface KeyAndCertificate {
  certificate: string;
  privateKey: string;
}

/** An authority that is ready to sign. */
export interface Authority {
  certificate: x509.X509Certificate;
  certificatePem: string;
  privateKey: CryptoKey;
}

const pemOf = (certificate: x509.X509Certificate) => `${certificate.toString('pem')}\n`;

const keyPem = async (key: CryptoKey) =>
  `${x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;

// 127 random bits below the sign bit, never zero at the front: a positive serial without padding.
function newSerial(): string {
  const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(16)));
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return bytes.toString('hex');
}

const span = (now: EpochMs, days: number) => ({
  serialNumber: newSerial(),
  notBefore: new Date(now - BACKDATE_MS),
  notAfter: new Date(now + days * DAY_MS),
});

const newKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

/** A new authority of its own name: ECDSA P-256, ten years, signs end certificates only. */
export async function createAuthority(now: EpochMs): Promise<KeyAndCertificate> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...span(now, AUTHORITY_DAYS),
    name: `CN=rmm authority ${newSerial().slice(0, 12)}`,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: pemOf(certificate), privateKey: await keyPem(keys.privateKey) };
}

/** Reads what `createAuthority` made. */
export async function loadAuthority(files: KeyAndCertificate): Promise<Authority> {
  const der = x509.PemConverter.decodeFirst(files.privateKey);
  return {
    certificate: new x509.X509Certificate(files.certificate),
    certificatePem: files.certificate,
    privateKey: await crypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']),
  };
}

interface EndCertificate {
  publicKey: x509.PublicKeyType;
  name: string;
  usage: string;
  subjectAlternatives: x509.JsonGeneralNames;
  now: EpochMs;
  days: number;
}

async function issue(authority: Authority, end: EndCertificate): Promise<string> {
  const certificate = await x509.X509CertificateGenerator.create({
    ...span(end.now, end.days),
    subject: end.name,
    issuer: authority.certificate.subject,
    publicKey: end.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([end.usage], true),
      new x509.SubjectAlternativeNameExtension(end.subjectAlternatives),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(end.publicKey),
    ],
  });
  return pemOf(certificate);
}

export interface RelayCertificateRequest {
  relay: RelayId;
  site: SiteId;
  /** Ed25519 SubjectPublicKeyInfo, DER; its possession must have been proven. */
  spki: Uint8Array;
  now: EpochMs;
  days?: number;
}

/** A relay's client certificate, PEM. 14 days: a stolen key that cannot renew is worthless within a fortnight. */
export async function issueRelayCertificate(authority: Authority, request: RelayCertificateRequest): Promise<string> {
  assertRelaySpki(request.spki);
  return issue(authority, {
    publicKey: new x509.PublicKey(Uint8Array.from(request.spki)),
    name: `CN=relay ${request.relay}`,
    usage: CLIENT_AUTH,
    subjectAlternatives: [
      { type: 'url', value: relayUri(request.relay) },
      { type: 'url', value: siteUri(request.site) },
    ],
    now: request.now,
    days: request.days ?? RELAY_DAYS,
  });
}

export interface ServerCertificateRequest {
  names: readonly string[];
  ips: readonly string[];
  now: EpochMs;
  days?: number;
}

/**
 * A new key and certificate for the console's TLS ports. `certificate` is the chain, authority included: a relay that
 * enrols finds the authority in it by the hash its token carries.
 */
export async function issueServerCertificate(
  authority: Authority,
  request: ServerCertificateRequest,
): Promise<KeyAndCertificate> {
  const keys = await newKeys();
  const names = [...new Set([...request.names, CONSOLE_TLS_NAME])];
  const own = await issue(authority, {
    publicKey: keys.publicKey,
    name: 'CN=rmm console',
    usage: SERVER_AUTH,
    subjectAlternatives: [
      ...names.map((value) => ({ type: 'dns' as const, value })),
      ...request.ips.map((value) => ({ type: 'ip' as const, value })),
    ],
    now: request.now,
    days: request.days ?? SERVER_DAYS,
  });
  return { certificate: own + authority.certificatePem, privateKey: await keyPem(keys.privateKey) };
}
