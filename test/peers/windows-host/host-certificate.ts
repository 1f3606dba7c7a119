// The self-signed certificate of a fake host's HTTPS listener, and what NTLM binds itself to of it (RFC 5929, 4.1).
import { createHash, X509Certificate } from 'node:crypto';
import type { ChannelBinding } from '#relay/transport/security-context.ts';
import { alternativeNames, basicConstraints, pemText, signCertificate } from '#shared/crypto/signed-certificate.ts';

export interface HostCertificate {
  certificatePem: string;
  keyPem: string;
  /** "SHA256:..." over the SubjectPublicKeyInfo, which is what a relay pins. */
  keyFingerprint: string;
  binding: ChannelBinding;
}

const YEAR_MS = 365 * 86_400_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };

export async function hostCertificate(name: string, nowMs: number): Promise<HostCertificate> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey));
  const certificatePem = await signCertificate(
    {
      serial: Buffer.from(crypto.getRandomValues(new Uint8Array(12)))
        .toString('hex')
        .replace(/^./, '4'),
      notBefore: new Date(nowMs - YEAR_MS),
      notAfter: new Date(nowMs + YEAR_MS),
      subject: name,
      spki,
      extensions: [basicConstraints('end'), alternativeNames([{ type: 'dns', value: 'localhost' }])],
    },
    keys.privateKey,
  );
  const keyPem = pemText('PRIVATE KEY', new Uint8Array(await crypto.subtle.exportKey('pkcs8', keys.privateKey)));
  const { raw } = new X509Certificate(certificatePem);
  const keyFingerprint = `SHA256:${createHash('sha256').update(spki).digest('base64').replace(/=+$/, '')}`;
  // SHA-256 is the hash of the signature, which is ECDSA with SHA-256.
  const hash = createHash('sha256').update(raw).digest();
  const applicationData = Buffer.concat([Buffer.from('tls-server-end-point:', 'latin1'), hash]);
  return { certificatePem, keyPem, keyFingerprint, binding: { applicationData } };
}
