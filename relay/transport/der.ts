// The little DER that logins need (X.690): elements in, elements out, every length checked before it is followed.
import { SecurityFailure } from './security-context.ts';

export interface DerElement {
  tag: number;
  content: Buffer;
  /** The element with its tag and length. */
  whole: Buffer;
}

/** Tags as one byte: all that logins use. */
export const DER = { octets: 0x04, oid: 0x06, enumerated: 0x0a, sequence: 0x30 } as const;

/** Context-specific and constructed: `[number]`. */
export const contextTag = (number: number): number => 0xa0 | number;

const malformed = (what: string) => new SecurityFailure('malformed', `DER: ${what}`);

/** A length of at most four bytes, and where the content begins. */
function readLength(bytes: Buffer, at: number): { length: number; start: number } {
  const first = bytes[at];
  if (first === undefined) throw malformed('it ends in the middle');
  if (first < 0x80) return { length: first, start: at + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 4 || at + 1 + count > bytes.length) throw malformed('a length cannot be read');
  return { length: bytes.readUIntBE(at + 1, count), start: at + 1 + count };
}

/** The elements that stand side by side; refuses what is left over. */
export function derElements(bytes: Uint8Array): DerElement[] {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: DerElement[] = [];
  for (let at = 0; at < all.length; ) {
    const tag = all[at] ?? 0;
    if ((tag & 0x1f) === 0x1f) throw malformed('a tag has more than one byte');
    const { length, start } = readLength(all, at + 1);
    if (start + length > all.length) throw malformed('an element is longer than what holds it');
    found.push({ tag, content: all.subarray(start, start + length), whole: all.subarray(at, start + length) });
    at = start + length;
  }
  return found;
}

/** The only element, which must have this tag. */
export function derOnly(bytes: Uint8Array, tag: number): DerElement {
  const [first, ...more] = derElements(bytes);
  if (first === undefined || more.length > 0 || first.tag !== tag) throw malformed('another element was expected');
  return first;
}

export function derElement(tag: number, ...contents: Uint8Array[]): Buffer {
  const length = contents.reduce((sum, part) => sum + part.length, 0);
  const size: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) size.unshift(rest & 0xff);
  const head = length < 0x80 ? [tag, length] : [tag, 0x80 | size.length, ...size];
  return Buffer.concat([Buffer.from(head), ...contents]);
}

/** The content of an OBJECT IDENTIFIER from its dotted form. */
export function oidContent(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part & 0x7f];
    for (let left = part >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return Buffer.from(bytes);
}
