// Reads the type of a frame from its first bytes, so that sender, state and size are judged before anything is decoded.

/** A short text as msgpack writes it. */
const text = (value: string) => Uint8Array.from([0xa0 | value.length, ...new TextEncoder().encode(value)]);
const MAP_OF_THREE = 0x83;
const ID = text('id');
const TYPE = text('type');
const BODY = text('body');

/** Width of the numbers an id may be written as, by their first byte. */
const WIDTHS: Readonly<Record<number, number>> = { 204: 2, 205: 3, 206: 5, 203: 9 };

/** The type of a map {id, type, body}, in this order; undefined for anything else. 1 to 16 capital letters. */
export function readFrameHead(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== MAP_OF_THREE || !standsAt(bytes, 1, ID)) return undefined;
  const idAt = 1 + ID.length;
  const first = bytes[idAt] ?? 0xff;
  const width = first < 0x80 ? 1 : WIDTHS[first];
  if (width === undefined) return undefined;
  const typeAt = idAt + width + TYPE.length;
  if (!standsAt(bytes, idAt + width, TYPE)) return undefined;
  const length = (bytes[typeAt] ?? 0) - 0xa0;
  if (length < 1 || length > 16) return undefined;
  const type = String.fromCharCode(...bytes.subarray(typeAt + 1, typeAt + 1 + length));
  return /^[A-Z]{1,16}$/.test(type) && standsAt(bytes, typeAt + 1 + length, BODY) ? type : undefined;
}

function standsAt(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i += 1) if (bytes[at + i] !== expected[i]) return false;
  return true;
}
