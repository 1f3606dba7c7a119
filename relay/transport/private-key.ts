// Private keys in every common wrapping, turned once into a plain text that ssh2 reads in no time.
import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import ssh2 from 'ssh2';
import { AppError } from '#shared/base/errors.ts';

const lengthPrefixed = (bytes: Uint8Array | string) => {
  const body = Buffer.from(bytes as Uint8Array); // Buffer.from takes either; its overloads do not say so
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
};

const jwkPart = (jwk: JsonWebKey, part: 'x' | 'd') => Buffer.from(jwk[part] ?? '', 'base64url');

/** Ed25519 has no older text form that ssh2 reads, so it is written as OpenSSH writes an unencrypted one (PROTOCOL.key). */
function openSshEd25519(key: KeyObject): string {
  const jwk = key.export({ format: 'jwk' });
  const publicBytes = jwkPart(jwk, 'x');
  const publicBlob = Buffer.concat([lengthPrefixed('ssh-ed25519'), lengthPrefixed(publicBytes)]);
  // Two equal check words; they guard a decryption that does not happen here.
  const secret = Buffer.concat([
    Buffer.alloc(8),
    publicBlob,
    lengthPrefixed(Buffer.concat([jwkPart(jwk, 'd'), publicBytes])),
    lengthPrefixed(''),
  ]);
  const padding = Uint8Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, i) => i + 1);
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    lengthPrefixed('none'),
    lengthPrefixed('none'),
    lengthPrefixed(''),
    Buffer.from([0, 0, 0, 1]),
    lengthPrefixed(publicBlob),
    lengthPrefixed(Buffer.concat([secret, padding])),
  ]);
  const label = 'OPENSSH PRIVATE KEY';
  const lines = body.toString('base64').match(/.{1,70}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function exportPlain(key: KeyObject): string {
  if (key.asymmetricKeyType === 'ed25519') return openSshEd25519(key);
  if (key.asymmetricKeyType === 'rsa') return String(key.export({ type: 'pkcs1', format: 'pem' }));
  if (key.asymmetricKeyType === 'ec') return String(key.export({ type: 'sec1', format: 'pem' }));
  throw new AppError(
    'bad-request',
    `a private key of type ${key.asymmetricKeyType} cannot be used: ed25519, rsa or ec`,
  );
}

/**
 * The key without its passphrase. Decrypting takes most of a second of pure computation, so it happens when a credential is added, in the
 * command's own process; a passphrase stored beside the key it opens would guard nothing.
 */
export function toPlainPrivateKey(text: string, passphrase?: string): string {
  if (/-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(text)) {
    try {
      return exportPlain(createPrivateKey({ key: text, ...(passphrase === undefined ? {} : { passphrase }) }));
    } catch (error) {
      if (error instanceof AppError) throw error;
      // OpenSSL's text may quote its input: it is not passed on.
      throw new AppError('bad-request', 'the private key cannot be read: wrong or missing passphrase, or not a key');
    }
  }
  const parsed = ssh2.utils.parseKey(text, passphrase);
  const first = Array.isArray(parsed) ? parsed[0] : parsed;
  if (first === undefined || first instanceof Error)
    throw new AppError('bad-request', 'the private key cannot be read: wrong or missing passphrase, or not a key');
  const pem = first.isPrivateKey() ? first.getPrivatePEM() : undefined;
  if (pem === undefined) throw new AppError('bad-request', 'the key is a public one: a private key is needed');
  return exportPlain(createPrivateKey(pem));
}
