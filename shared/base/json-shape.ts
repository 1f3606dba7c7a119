// How deep and how full a JSON text is, counted in its bytes before anything is built of it.

export interface JsonBounds {
  /** Lists and objects inside each other. */
  maxDepth: number;
  /** Members and entries of all of them together. */
  maxMembers: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
/** Square and curly ones differ from each other in one bit. */
const OPENING = 0x5b;
const CLOSING = 0x5d;
const CURLY_BIT = 0x20;

/** Behind the closing quote of the text that begins before `at`. */
function afterText(bytes: Uint8Array, at: number): number {
  for (let end = bytes.indexOf(QUOTE, at); end >= 0; end = bytes.indexOf(QUOTE, end + 1)) {
    let slashes = 0;
    while (bytes[end - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  }
  return bytes.length;
}

/** Which bound the text passes; undefined for one within both. Whether it is JSON at all is for a parser to say. */
export function passedBound(bytes: Uint8Array, { maxDepth, maxMembers }: JsonBounds): 'depth' | 'members' | undefined {
  let depth = 0;
  let members = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      at = afterText(bytes, at + 1) - 1;
      continue;
    }
    const shape = byte & ~CURLY_BIT;
    if (shape === OPENING) {
      depth += 1;
      members += 1;
    } else if (shape === CLOSING) depth -= 1;
    else if (byte === COMMA) members += 1;
    if (depth > maxDepth) return 'depth';
    if (members > maxMembers) return 'members';
  }
  return undefined;
}
