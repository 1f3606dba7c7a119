// Reads certificates with node:crypto alone: who a peer is, until when, and whether our authority says so.
import { createHash, X509Certificate } from 'node:crypto';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { RelayId, SiteId } from '#shared/base/id.ts';
import { spkiKeyId } from './identity-key.ts';

export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** In every server certificate of a console: relays check this name, whatever address they reach it by. */
export const CONSOLE_TLS_NAME = 'console.rmm.internal';

export const relayUri = (relay: RelayId) => `urn:rmm:relay:${relay}`;
export const siteUri = (site: SiteId) => `urn:rmm:site:${site}`;

/** Lower-case hex SHA-256 of a certificate's DER; of the first one when the PEM is a chain. */
export const fingerprintSha256 = (certificate: string | X509Certificate): string => {
  const parsed = typeof certificate === 'string' ? readCertificate(certificate) : certificate;
  return createHash('sha256').update(parsed.raw).digest('hex');
};

/** The certificate of a PEM text. */
export function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new AppError('certificate-unknown', 'the text holds no X.509 certificate', { cause });
  }
}

/** What a relay's certificate says. */
export interface RelayCertificate {
  relay: RelayId;
  site: SiteId;
  /** Lower-case hex. */
  serial: string;
  issuedAt: EpochMs;
  expiresAt: EpochMs;
  /** SubjectPublicKeyInfo, DER. */
  spki: Buffer;
  /** base64url SHA-256 of `spki`: the `key_id` of the relay. */
  keyId: string;
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const RELAY_NAMES = new RegExp(`^URI:urn:rmm:relay:(${UUID}), URI:urn:rmm:site:(${UUID})$`);

/** Times in certificates are whole seconds in GMT, in a form that Date reads. */
export const expiryOf = (certificate: X509Certificate): EpochMs => Date.parse(certificate.validTo);

/**
 * Who a certificate names; `certificate-unknown` when it is no relay's. Proves nothing by itself: the TLS handshake
 * or `assertIssuedBy` says that it is ours.
 */
export function readRelayCertificate(certificate: X509Certificate): RelayCertificate {
  const match = RELAY_NAMES.exec(certificate.subjectAltName ?? '');
  const usages: readonly string[] = certificate.keyUsage ?? [];
  if (match === null || certificate.ca || usages.length !== 1 || usages[0] !== CLIENT_AUTH) {
    throw new AppError('certificate-unknown', `certificate ${certificate.serialNumber} is not a relay's`);
  }
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return {
    relay: RelayId.parse(match[1]),
    site: SiteId.parse(match[2]),
    serial: certificate.serialNumber.toLowerCase(),
    issuedAt: Date.parse(certificate.validFrom),
    expiresAt: expiryOf(certificate),
    spki,
    keyId: spkiKeyId(spki),
  };
}

/** Throws `certificate-unknown` unless the authority of `authorityPem` signed `certificate`; says nothing about time. */
export function assertIssuedBy(certificate: X509Certificate, authorityPem: string): void {
  const authority = readCertificate(authorityPem);
  if (!certificate.checkIssued(authority) || !certificate.verify(authority.publicKey)) {
    throw new AppError('certificate-unknown', `certificate ${certificate.serialNumber} is not of this authority`);
  }
}
