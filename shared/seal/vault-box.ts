// A box that one X25519 key opens: ephemeral key agreement, HKDF-SHA256, AES-256-GCM, over WebCrypto in Node and browsers.
import type { CryptoKey } from 'jose';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import type { SealingKey } from '#shared/model/charter.ts';
import type { SealedBox } from '#shared/model/credential.ts';
import { fromBase64url, toBase64url } from './base64url.ts';
import { canonicalJson } from './canonical.ts';
import { sha256B64u } from './hash.ts';

const X25519 = 'X25519';
const KEY_BYTES = 32;
const INFO = 'rmm credential box v1';
// A new key agreement per box: the key is used once, so the nonce may come from the same derivation.
const NONCE_BYTES = 12;

/** What a box is bound to, whatever it holds. */
type Bound = Readonly<Record<string, string | number>> & { readonly name: string };

/** A relay's key, or an owner's for escrow. */
export interface OpeningKey {
  publicKey: SealingKey;
  privateKey: CryptoKey;
}

const PrivateJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal(X25519),
  x: z.string().length(43),
  d: z.string().length(43),
});

const bytesOf = (text: string): Uint8Array<ArrayBuffer> | undefined => {
  const bytes = fromBase64url(text);
  // A copy: WebCrypto's types refuse bytes that might be shared memory.
  return bytes === undefined ? undefined : new Uint8Array(bytes);
};

async function publicKeyOf(key: string): Promise<SealingKey> {
  const raw = bytesOf(key);
  if (raw?.length !== KEY_BYTES) throw new AppError('bad-request', 'not an X25519 public key of 32 bytes');
  return { id: await sha256B64u(raw), key };
}

/** True when the id is the hash of the key. */
export const isSealingKeyTrue = async (key: SealingKey): Promise<boolean> =>
  publicKeyOf(key.key).then(
    ({ id }) => id === key.id,
    () => false,
  );

/** A new key, and the secret JWK text of it for a 0600 file. */
export async function generateOpeningKey(): Promise<{ key: OpeningKey; secretText: string }> {
  const pair = await crypto.subtle.generateKey({ name: X25519 }, true, ['deriveBits']);
  if (!('privateKey' in pair)) throw new AppError('internal', 'X25519: no key pair was made');
  const { kty, crv, x, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  const secretText = `${JSON.stringify({ kty, crv, x, d })}\n`;
  return { key: await importOpeningKey(secretText), secretText };
}

/** The key of a JWK text, no longer extractable; the message never repeats what the text holds. */
export async function importOpeningKey(jwkText: string): Promise<OpeningKey> {
  try {
    const jwk = PrivateJwk.parse(JSON.parse(jwkText));
    const privateKey = await crypto.subtle.importKey('jwk', jwk, { name: X25519 }, false, ['deriveBits']);
    return { publicKey: await publicKeyOf(jwk.x), privateKey };
  } catch {
    // No cause: a parser's message may quote the text, and the text is a private key.
    throw new AppError('config-invalid', 'the file holds no X25519 private key (JWK)');
  }
}

/** Seals `plain` for the holder of `to`; nobody else opens it, and nowhere but under `header`. */
export async function sealBox(plain: string, to: SealingKey, header: Bound): Promise<SealedBox> {
  if (!(await isSealingKeyTrue(to))) throw new AppError('bad-request', `sealing key ${to.id}: its id is not its hash`);
  const pair = await crypto.subtle.generateKey({ name: X25519 }, true, ['deriveBits']);
  if (!('privateKey' in pair)) throw new AppError('internal', 'X25519: no key pair was made');
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const ephemeral = toBase64url(raw);
  const { key, nonce } = await keysOf(pair.privateKey, { theirs: to.key, ephemeral, to: to.key });
  const additionalData = aadOf(header, to.id, ephemeral);
  const text = new TextEncoder().encode(plain);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData }, key, text);
  return { to: to.id, ephemeral, ciphertext: toBase64url(new Uint8Array(sealed)) };
}

/** The text of a box; `signature-invalid` when it is for another key, was moved, changed or cut. */
export async function openBox(box: SealedBox, key: OpeningKey, header: Bound): Promise<string> {
  if (box.to !== key.publicKey.id)
    throw new AppError('signature-invalid', `${header.name}: sealed to another key, ${box.to}`);
  const ciphertext = bytesOf(box.ciphertext);
  try {
    if (ciphertext === undefined) throw new TypeError('not base64url');
    const { ephemeral } = box;
    const made = await keysOf(key.privateKey, { theirs: ephemeral, ephemeral, to: key.publicKey.key });
    const additionalData = aadOf(header, box.to, ephemeral);
    const opened = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: made.nonce, additionalData },
      made.key,
      ciphertext,
    );
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(opened);
  } catch {
    // One message for every cause: what differs between them helps only who tries boxes.
    throw new AppError('signature-invalid', `${header.name}: its box does not open here`);
  }
}

const aadOf = (header: Bound, to: string, ephemeral: string) =>
  new TextEncoder().encode(canonicalJson({ header, to, ephemeral }));

interface Agreement {
  theirs: string;
  ephemeral: string;
  to: string;
}

async function keysOf(own: CryptoKey, { theirs, ephemeral, to }: Agreement) {
  const raw = bytesOf(theirs);
  const salt = [bytesOf(ephemeral), bytesOf(to)];
  if (raw?.length !== KEY_BYTES || salt.some((part) => part?.length !== KEY_BYTES))
    throw new AppError('signature-invalid', 'not an X25519 public key of 32 bytes');
  const theirKey = await crypto.subtle.importKey('raw', raw, { name: X25519 }, false, []);
  const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: X25519, public: theirKey }, own, 256));
  // A point of small order gives everybody the same secret. WebCrypto refuses it; this holds where it does not.
  if (shared.every((byte) => byte === 0)) throw new AppError('signature-invalid', 'an X25519 point of small order');
  const secret = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveBits']);
  shared.fill(0);
  const bits = await crypto.subtle.deriveBits(
    {
      name: 'HKDF',
      hash: 'SHA-256',
      // Both public keys: the derived key belongs to this one agreement.
      salt: new Uint8Array(salt.flatMap((part) => [...(part ?? [])])),
      info: new TextEncoder().encode(INFO),
    },
    secret,
    8 * (KEY_BYTES + NONCE_BYTES),
  );
  const key = await crypto.subtle.importKey('raw', bits.slice(0, KEY_BYTES), 'AES-GCM', false, ['encrypt', 'decrypt']);
  return { key, nonce: new Uint8Array(bits.slice(KEY_BYTES)) };
}
