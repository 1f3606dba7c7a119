// Issues the certificates of one console: its authority, its own server certificate, and those of its relays.
import type { X509Certificate } from 'node:crypto';
import type { CryptoKey } from 'jose';
import type { EpochMs } from '#shared/base/clock.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import { assertRelaySpki } from './identity-key.ts';
import { CLIENT_AUTH, CONSOLE_TLS_NAME, readCertificate, relayUri, SERVER_AUTH, siteUri } from './peer-certificate.ts';
import {
  type AlternativeName,
  alternativeNames,
  authorityKeyId,
  basicConstraints,
  extendedKeyUsage,
  keyUsage,
  pemBytes,
  pemText,
  signCertificate,
  spkiOfCertificate,
  subjectKeyId,
} from './signed-certificate.ts';

const DAY_MS = 86_400_000;
// Clocks differ: a certificate is valid an hour before it is issued.
const BACKDATE_MS = 3_600_000;
const AUTHORITY_DAYS = 3_652; // ten years: outlives the hardware it is made on
const RELAY_DAYS = 14;
const SERVER_DAYS = 90;
// Bits of the key usage, as RFC 5280 numbers them.
const SIGNS_DATA = 0;
const SIGNS_CERTIFICATES = 5;
const SIGNS_REVOCATIONS = 6;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** PEM texts for two files; the key is PKCS#8. */
export interface KeyAndCertificate {
  certificate: string;
  privateKey: string;
}

/** An authority that is ready to sign. */
export interface Authority {
  certificate: X509Certificate;
  certificatePem: string;
  privateKey: CryptoKey;
}

const keyPem = async (key: CryptoKey) =>
  pemText('PRIVATE KEY', new Uint8Array(await crypto.subtle.exportKey('pkcs8', key)));

const spkiBytes = async (key: CryptoKey) => new Uint8Array(await crypto.subtle.exportKey('spki', key));

// 127 random bits below the sign bit, never zero at the front: a positive serial without padding.
function newSerial(): string {
  const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(16)));
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return bytes.toString('hex');
}

const span = (now: EpochMs, days: number) => ({
  serial: newSerial(),
  notBefore: new Date(now - BACKDATE_MS),
  notAfter: new Date(now + days * DAY_MS),
});

const newKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

/** A new authority of its own name: ECDSA P-256, ten years, signs end certificates only. */
export async function createAuthority(now: EpochMs): Promise<KeyAndCertificate> {
  const keys = await newKeys();
  const spki = await spkiBytes(keys.publicKey);
  const certificate = await signCertificate(
    {
      ...span(now, AUTHORITY_DAYS),
      subject: `rmm authority ${newSerial().slice(0, 12)}`,
      spki,
      extensions: [
        basicConstraints('authority'),
        keyUsage([SIGNS_CERTIFICATES, SIGNS_REVOCATIONS]),
        subjectKeyId(spki),
      ],
    },
    keys.privateKey,
  );
  return { certificate, privateKey: await keyPem(keys.privateKey) };
}

/** Reads what `createAuthority` made. */
export async function loadAuthority(files: KeyAndCertificate): Promise<Authority> {
  return {
    certificate: readCertificate(files.certificate),
    certificatePem: files.certificate,
    privateKey: await crypto.subtle.importKey('pkcs8', pemBytes(files.privateKey), ALGORITHM, false, ['sign']),
  };
}

interface EndCertificate {
  spki: Uint8Array;
  name: string;
  usage: string;
  names: readonly AlternativeName[];
  now: EpochMs;
  days: number;
}

function issue(authority: Authority, end: EndCertificate): Promise<string> {
  return signCertificate(
    {
      ...span(end.now, end.days),
      subject: end.name,
      issuer: authority.certificate,
      spki: end.spki,
      extensions: [
        basicConstraints('end'),
        keyUsage([SIGNS_DATA]),
        extendedKeyUsage(end.usage),
        alternativeNames(end.names),
        authorityKeyId(spkiOfCertificate(authority.certificate)),
        subjectKeyId(end.spki),
      ],
    },
    authority.privateKey,
  );
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
    spki: request.spki,
    name: `relay ${request.relay}`,
    usage: CLIENT_AUTH,
    names: [
      { type: 'uri', value: relayUri(request.relay) },
      { type: 'uri', value: siteUri(request.site) },
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
    spki: await spkiBytes(keys.publicKey),
    name: 'rmm console',
    usage: SERVER_AUTH,
    names: [
      ...names.map((value) => ({ type: 'dns' as const, value })),
      ...request.ips.map((value) => ({ type: 'ip' as const, value })),
    ],
    now: request.now,
    days: request.days ?? SERVER_DAYS,
  });
  return { certificate: own + authority.certificatePem, privateKey: await keyPem(keys.privateKey) };
}
