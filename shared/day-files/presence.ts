// Which keys a file holds, as bits with a checksum of their own: a row that damage made unfindable is missed, never taken for absent.
import { crc32 } from 'node:zlib';

const CRC_BYTES = 4;

/** Sets of small numbers, each under a key. */
export class Presence {
  readonly #sets = new Map<number, Uint8Array>();
  readonly #changed = new Set<number>();

  /** Undefined when nothing is known under the key: its row was damaged. */
  has(key: number, number: number): boolean | undefined {
    const bits = this.#sets.get(key);
    return bits === undefined ? undefined : ((bits[number >>> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }

  set(key: number, number: number, isThere: boolean): void {
    let bits = this.#sets.get(key);
    // Unknown stays unknown: a set begun anew would call absent what is there.
    if (bits === undefined) return;
    const at = number >>> 3;
    if (at >= bits.length) {
      const grown = new Uint8Array(at + 1);
      grown.set(bits);
      bits = grown;
      this.#sets.set(key, bits);
    }
    const former = bits[at] ?? 0;
    const next = isThere ? former | (1 << (number & 7)) : former & ~(1 << (number & 7));
    if (next === former) return;
    bits[at] = next;
    this.#changed.add(key);
  }

  /** The numbers under a key, ascending. */
  numbers(key: number): number[] {
    const found: number[] = [];
    for (const [at, byte] of (this.#sets.get(key) ?? []).entries())
      for (let bit = 0; bit < 8; bit += 1) if ((byte & (1 << bit)) !== 0) found.push(at * 8 + bit);
    return found;
  }

  /** False when the bytes are not what `bytesOf` gave. */
  load(key: number, bytes: Uint8Array | undefined): boolean {
    if (bytes === undefined || bytes.length < CRC_BYTES) return false;
    const bits = bytes.slice(0, -CRC_BYTES);
    const said = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bits.length);
    if (said !== checksumOf(key, bits)) return false;
    this.#sets.set(key, bits);
    return true;
  }

  /** What has changed since the last call, to be kept. */
  *takeChanged(): Generator<[key: number, bytes: Uint8Array]> {
    for (const key of this.#changed) yield [key, sealedBits(key, this.#sets.get(key) ?? new Uint8Array(0))];
    this.#changed.clear();
  }
}

const checksumOf = (key: number, bits: Uint8Array): number => crc32(bits, crc32(`present ${key}`));

/** Bits and checksum; those of an empty set without `bits`. */
export function sealedBits(key: number, bits: Uint8Array = new Uint8Array(0)): Uint8Array {
  const bytes = new Uint8Array(bits.length + CRC_BYTES);
  bytes.set(bits);
  new DataView(bytes.buffer).setUint32(bits.length, checksumOf(key, bits));
  return bytes;
}
