// P-256 keys as Windows PowerShell 5.1 can use them: a public key is its point, 64 bytes; a signature is r and s, 64 bytes (ES256, RFC 7518 3.4).
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { fromBase64url, toBase64url } from '#shared/seal/base64url.ts';

/** X and Y, 32 bytes each, as they stand in a BCRYPT_ECCKEY_BLOB behind its head. */
export const POINT_BYTES = 64;
const SIGNATURE_BYTES = 64;
const COORDINATE = 32;

/** The point of a key, its private half or its public one. */
export function pointOf(key: KeyObject): Uint8Array {
  const { crv, x = '', y = '' } = key.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  if (crv !== 'P-256' || point.length !== POINT_BYTES) throw new TypeError('not a key of the curve P-256');
  return point;
}

/** The point in a text of base64url; undefined when it is none, or lies on no curve. */
export function pointFromText(text: string): Uint8Array | undefined {
  const point = fromBase64url(text);
  return point?.length === POINT_BYTES && keyOfPoint(point) !== undefined ? point : undefined;
}

function keyOfPoint(point: Uint8Array): KeyObject | undefined {
  const x = toBase64url(point.subarray(0, COORDINATE));
  const y = toBase64url(point.subarray(COORDINATE));
  try {
    return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  } catch {
    return undefined; // off the curve
  }
}

/** As OpenSSH writes fingerprints: SHA-256 of the point. */
export const pointFingerprint = (point: Uint8Array): string =>
  `SHA256:${createHash('sha256').update(point).digest('base64').replace(/=+$/, '')}`;

export const signEs256 = (data: Uint8Array, privateKey: KeyObject): Uint8Array =>
  sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });

export function isEs256By(point: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
  const key = keyOfPoint(point);
  if (key === undefined || signature.length !== SIGNATURE_BYTES) return false;
  return verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature);
}
