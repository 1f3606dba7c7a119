// The self-signed certificate of a fake host's HTTPS listener, and what NTLM binds itself to of it (RFC 5929, 4.1).
import { createECDH, createHash, type webcrypto, X509Certificate } from 'node:crypto';
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

/** The key that follows from a seed: a simulated machine that starts again is still the one that was pinned. */
async function seededKeys(seed: Uint8Array): Promise<webcrypto.CryptoKeyPair> {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(createHash('sha256').update(seed).digest());
  const point = pair.getPublicKey(); // 0x04, x, y
  const part = (from: number) => point.subarray(from, from + 32).toString('base64url');
  const open = { kty: 'EC', crv: 'P-256', x: part(1), y: part(33) };
  // OpenSSL leaves zeros in front out, and JWK wants all 32 bytes (RFC 7518, 6.2.2.1).
  const short = pair.getPrivateKey();
  const d = Buffer.concat([Buffer.alloc(32 - short.length), short]).toString('base64url');
  return {
    privateKey: await crypto.subtle.importKey('jwk', { ...open, d }, ALGORITHM, true, ['sign']),
    publicKey: await crypto.subtle.importKey('jwk', open, ALGORITHM, true, ['verify']),
  };
}

const randomKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

/** Without a seed its key is a new one. */
export async function hostCertificate(name: string, nowMs: number, seed?: Uint8Array): Promise<HostCertificate> {
  const keys = await (seed === undefined ? randomKeys() : seededKeys(seed));
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
