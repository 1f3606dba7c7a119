// SHA-256 over WebCrypto, in the two text forms the product uses.
import { toBase64url } from './base64url.ts';

/** The digest of the parts one after the other; text counts as UTF-8. */
export async function sha256(...parts: ReadonlyArray<string | Uint8Array>): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const pieces = parts.map((part) => (typeof part === 'string' ? encoder.encode(part) : part));
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', joined));
}

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export const fromHex = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));

export const sha256B64u = async (data: string | Uint8Array): Promise<string> => toBase64url(await sha256(data));
