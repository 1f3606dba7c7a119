// The one DER spelling of an ECDSA signature, turned into the raw form that WebCrypto verifies.

const SEQUENCE = 0x30;
const INTEGER = 0x02;
/** Of a P-256 coordinate. */
const HALF = 32;

/**
 * The 64 raw bytes r‖s of a P-256 signature in DER; undefined for any other spelling: long lengths, needless zeros,
 * negative numbers, bytes behind the end. Low and high s are both signatures: WebAuthn asks for neither.
 */
export function rawFromDer(der: Uint8Array): Uint8Array | undefined {
  // Two integers of 33 bytes with their heads stay below 128, so every length is one byte.
  if (der[0] !== SEQUENCE || der[1] !== der.length - 2 || der.length > 72) return undefined;
  const r = integerAt(der, 2);
  if (r === undefined) return undefined;
  const s = integerAt(der, r.end);
  if (s === undefined || s.end !== der.length) return undefined;
  const raw = new Uint8Array(2 * HALF);
  raw.set(r.digits, HALF - r.digits.length);
  raw.set(s.digits, 2 * HALF - s.digits.length);
  return raw;
}

function integerAt(der: Uint8Array, at: number): { digits: Uint8Array; end: number } | undefined {
  const length = der[at + 1];
  if (der[at] !== INTEGER || length === undefined || length < 1 || length > HALF + 1) return undefined;
  const end = at + 2 + length;
  if (end > der.length) return undefined;
  const bytes = der.subarray(at + 2, end);
  const [first = 0, second = 0] = bytes;
  if (first >= 0x80) return undefined; // negative
  if (first !== 0) return length > HALF ? undefined : { digits: bytes, end };
  // A leading zero only keeps a high bit from reading as a sign; zero itself is no part of a signature.
  return length > 1 && second >= 0x80 ? { digits: bytes.subarray(1), end } : undefined;
}
