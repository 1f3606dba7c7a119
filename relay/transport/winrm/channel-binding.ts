// Binds a login to the TLS channel below it: the hash of the server's certificate (RFC 5929, tls-server-end-point).
import { createHash, type X509Certificate } from 'node:crypto';
import { contextTag, DER, derElements, derOnly, oidContent } from '#relay/transport/der.ts';
import { type ChannelBinding, SecurityFailure } from '#relay/transport/security-context.ts';
import { fingerprintOf } from '#relay/transport/ssh/host-key.ts';

// RFC 5929, 4.1: the hash of the certificate's signature, and SHA-256 where that is MD5, SHA-1, or where there is none.
const HASHES = new Map(
  Object.entries({
    '1.2.840.113549.1.1.14': 'sha224',
    '1.2.840.113549.1.1.12': 'sha384',
    '1.2.840.113549.1.1.13': 'sha512',
    '1.2.840.10045.4.3.1': 'sha224',
    '1.2.840.10045.4.3.3': 'sha384',
    '1.2.840.10045.4.3.4': 'sha512',
    '2.16.840.1.101.3.4.3.1': 'sha224',
    // The hashes themselves, which RSASSA-PSS names in its parameters (RFC 4055, 2.1).
    '2.16.840.1.101.3.4.2.4': 'sha224',
    '2.16.840.1.101.3.4.2.2': 'sha384',
    '2.16.840.1.101.3.4.2.3': 'sha512',
  }).map(([oid, hash]) => [oidContent(oid).toString('hex'), hash]),
);
const RSASSA_PSS = oidContent('1.2.840.113549.1.1.10').toString('hex');

/** hashAlgorithm of RSASSA-PSS-params (RFC 4055, 3.1); absent means SHA-1. */
function pssHash(parameters: Buffer | undefined): string {
  if (parameters === undefined) return '';
  const field = derElements(parameters).find(({ tag }) => tag === contextTag(0));
  if (field === undefined) return '';
  return derElements(derOnly(field.content, DER.sequence).content)[0]?.content.toString('hex') ?? '';
}

/** Read from the DER, because Node 20 does not say it. */
function signatureHash(certificate: Uint8Array): string {
  const [, algorithm] = derElements(derOnly(certificate, DER.sequence).content);
  if (algorithm === undefined) throw new SecurityFailure('malformed', 'the certificate has no signature algorithm');
  const [oid, parameters] = derElements(algorithm.content);
  const name = oid?.content.toString('hex') ?? '';
  return HASHES.get(name === RSASSA_PSS ? pssHash(parameters?.content) : name) ?? 'sha256';
}

export function channelBindingOf(certificate: Uint8Array): ChannelBinding {
  const hash = createHash(signatureHash(certificate)).update(certificate).digest();
  return { applicationData: Buffer.concat([Buffer.from('tls-server-end-point:', 'latin1'), hash]) };
}

/** What is pinned: the key, so that a renewed certificate of the same key is the same machine. */
export const certificateFingerprint = (certificate: X509Certificate): string =>
  fingerprintOf(certificate.publicKey.export({ type: 'spki', format: 'der' }));
