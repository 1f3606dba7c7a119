// Little-endian fields of a peer's bytes: every read is inside them, or it is `malformed`.
import { SmbError } from './smb-fault.ts';

// 100 ns steps from 1601-01-01 to 1970-01-01 (MS-DTYP 2.3.3).
const FILETIME_OF_1970 = 116_444_736_000_000_000n;

/** What follows holds for the bytes given, wherever they lie: offsets begin at their first byte. */
export class Fields {
  readonly bytes: Buffer;
  readonly #what: string;

  constructor(bytes: Buffer, what: string) {
    this.bytes = bytes;
    this.#what = what;
  }

  u8(at: number): number {
    return this.#within(at, 1).readUInt8(at);
  }

  u16(at: number): number {
    return this.#within(at, 2).readUInt16LE(at);
  }

  u32(at: number): number {
    return this.#within(at, 4).readUInt32LE(at);
  }

  /** Sizes and ids of a peer that a number holds exactly. */
  u64(at: number): number {
    const value = this.u32(at) + this.u32(at + 4) * 2 ** 32;
    if (!Number.isSafeInteger(value)) throw this.malformed(`a number of over ${Number.MAX_SAFE_INTEGER}`);
    return value;
  }

  /** Milliseconds UTC of a FILETIME; 0 where the peer says none or nonsense. */
  time(at: number): number {
    const ms = Number((this.#within(at, 8).readBigUInt64LE(at) - FILETIME_OF_1970) / 10_000n);
    // The year 9999, beyond which a Date of ours does not go.
    return ms > 0 && ms < 253_402_300_800_000 ? ms : 0;
  }

  /** A view, not a copy. */
  slice(at: number, length: number): Buffer {
    return this.#within(at, length).subarray(at, at + length);
  }

  rest(at: number): Buffer {
    return this.slice(at, this.bytes.length - at);
  }

  text(at: number, length: number): string {
    if (length % 2 !== 0) throw this.malformed('a text of an odd number of bytes');
    return this.slice(at, length).toString('utf16le');
  }

  malformed(why: string): SmbError {
    return new SmbError('malformed', `${this.#what}: ${why}`);
  }

  #within(at: number, length: number): Buffer {
    if (at < 0 || length < 0 || at + length > this.bytes.length)
      throw this.malformed(`${length} bytes at ${at} of ${this.bytes.length}`);
    return this.bytes;
  }
}

export function writeU64(into: Buffer, value: number, at: number): void {
  into.writeUInt32LE(value >>> 0, at);
  into.writeUInt32LE(Math.floor(value / 2 ** 32), at + 4);
}
