// Compact Ed25519 JWS in exactly one spelling: the strings other verifiers also pass (stray bits, padding, spaces) are refused.
import { CompactSign, compactVerify } from 'jose';
import { AppError } from '#shared/base/errors.ts';
import type { PublicKey } from '#shared/model/charter.ts';
import { fromBase64url, toBase64url } from './base64url.ts';
import { canonicalJson } from './canonical.ts';
import { importPublicKey, type SigningKey } from './key-pair.ts';

// The fully specified name of RFC 9864; the older "EdDSA" may mean two curves.
const ALGORITHM = 'Ed25519';
const SIGNATURE_BYTES = 64;

const encoder = new TextEncoder();
const headerOf = (kid: string, typ: string) => toBase64url(encoder.encode(canonicalJson({ alg: ALGORITHM, kid, typ })));

/** Signs `payload`; `typ` says what it is, so that a signature on one kind never passes for another. */
export function signStrict(payload: string, typ: string, signer: SigningKey): Promise<string> {
  return new CompactSign(encoder.encode(payload))
    .setProtectedHeader({ alg: ALGORITHM, kid: signer.publicKey.id, typ })
    .sign(signer.privateKey);
}

export interface OpenedJws {
  payload: string;
  signer: PublicKey;
}

/**
 * The payload of `jws` and the key that signed it, of `keys`; undefined when it names none of them.
 * The header must be, byte for byte, the one we write for that key and `typ`; anything else is `signature-invalid`.
 */
export async function openStrict(jws: string, typ: string, keys: readonly PublicKey[]): Promise<OpenedJws | undefined> {
  const [header = '', payload = '', signature = '', ...rest] = jws.split('.');
  if (rest.length > 0) throw new AppError('signature-invalid', 'a compact signature has three parts');
  const signer = keys.find((key) => headerOf(key.id, typ) === header);
  if (signer === undefined) return undefined;
  const bytes = fromBase64url(payload);
  if (bytes === undefined || fromBase64url(signature)?.length !== SIGNATURE_BYTES) {
    throw new AppError('signature-invalid', `signature by ${signer.id}: not in its one canonical spelling`);
  }
  try {
    await compactVerify(jws, await importPublicKey(signer), { algorithms: [ALGORITHM] });
    return { payload: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), signer };
  } catch (cause) {
    throw new AppError('signature-invalid', `signature by ${signer.id}: does not fit what it claims to sign`, {
      cause,
    });
  }
}
