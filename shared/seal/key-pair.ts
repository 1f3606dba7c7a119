// Ed25519 keys over WebCrypto: made, written as JWK, named by the hash of their public half.
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { PublicKey } from '#shared/model/charter.ts';
import { fromBase64url } from './base64url.ts';
import { sha256B64u } from './hash.ts';

/** One key that can sign: `publicKey.id` is what signatures name. */
export interface SigningKey {
  publicKey: PublicKey;
  privateKey: CryptoKey;
}

const KEY_BYTES = 32;
const B64uKey = z.string().length(43);
/** The JWK members of an Ed25519 private key (RFC 8037); others in the file are ignored. */
const PrivateJwk = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: B64uKey, d: B64uKey });

/** The base64url SHA-256 of the 32 raw bytes of a public key given as base64url. */
export async function keyId(key: string): Promise<string> {
  const raw = fromBase64url(key);
  if (raw?.length !== KEY_BYTES) throw new AppError('signature-invalid', 'not an Ed25519 public key of 32 bytes');
  return sha256B64u(raw);
}

/** True when the id of a public key of 32 bytes is their hash. */
export async function isKeyIdTrue(publicKey: { id: string; key: string }): Promise<boolean> {
  const raw = fromBase64url(publicKey.key);
  return raw?.length === KEY_BYTES && (await sha256B64u(raw)) === publicKey.id;
}

/** A new key whose private half can be written to a file. */
export async function generateSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('Ed25519', { extractable: true });
  return withPublicKey(privateKey, (await exportJWK(privateKey)).x ?? '');
}

async function withPublicKey(privateKey: CryptoKey, key: string): Promise<SigningKey> {
  return { publicKey: PublicKey.parse({ id: await keyId(key), key }), privateKey };
}

/** The secret JWK text of a key, for a 0600 file. */
export async function exportSigningKey(key: SigningKey): Promise<string> {
  const { kty, crv, x, d } = await exportJWK(key.privateKey);
  return `${JSON.stringify({ kty, crv, x, d })}\n`;
}

/** The key of a JWK text; the message never repeats what the text holds. */
export async function importSigningKey(jwkText: string): Promise<SigningKey> {
  let imported: Awaited<ReturnType<typeof importJWK>>;
  let jwk: z.infer<typeof PrivateJwk>;
  try {
    jwk = PrivateJwk.parse(JSON.parse(jwkText));
    imported = await importJWK(jwk satisfies JWK, 'Ed25519', { extractable: true });
  } catch {
    // No cause: a parser's message may quote the text, and the text is a private key.
    throw new AppError('signature-invalid', 'the file holds no Ed25519 private key (JWK)');
  }
  if (imported instanceof Uint8Array) throw new AppError('signature-invalid', 'the JWK is a symmetric key');
  return withPublicKey(imported, jwk.x);
}

/** A public key ready to verify with. */
export async function importPublicKey(publicKey: PublicKey): Promise<CryptoKey> {
  const imported = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: publicKey.key }, 'Ed25519');
  if (imported instanceof Uint8Array) throw new AppError('signature-invalid', 'the JWK is a symmetric key');
  return imported;
}
