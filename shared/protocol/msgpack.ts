// The one msgpack dialect of the wire: plain values, no extensions, no records; what is undefined is left out.
import { Packr } from 'msgpackr';
import { type ScanLimits, scanMsgpack } from './msgpack-scan.ts';

// `skipValues` is missing from the library's types: members that are undefined are absent, as in our schemas.
const options = { useRecords: false, mapsAsObjects: true, skipValues: [undefined] };
const packr = new Packr(options);

/** The bytes are the caller's own: they do not lie in the library's buffer. */
export const packMsgpack = (value: unknown): Uint8Array => new Uint8Array(packr.pack(value));

/** Binary members are views of `bytes`, so whoever keeps one keeps the whole. Never throws. */
export function unpackMsgpack(
  bytes: Uint8Array,
  limits: ScanLimits,
): { ok: true; value: unknown } | { ok: false; message: string } {
  const message = scanMsgpack(bytes, limits);
  if (message !== undefined) return { ok: false, message };
  try {
    return { ok: true, value: packr.unpack(bytes) };
  } catch {
    // The scan lets nothing through that the library refuses; should it ever, the peer's bytes are to blame, not we.
    return { ok: false, message: 'cannot be read' };
  }
}
