// base64url without padding (RFC 4648 section 5), strictly: one text per byte string.
import { base64url } from 'jose';

export const toBase64url = (bytes: Uint8Array): string => base64url.encode(bytes);

/** The bytes of `text`, or undefined when it is not the one text that encodes them (padding, spaces, stray last bits). */
export function fromBase64url(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  try {
    const bytes = base64url.decode(text);
    return base64url.encode(bytes) === text ? bytes : undefined;
  } catch {
    // A length that no byte string has.
    return undefined;
  }
}
