// Walks hostile msgpack bytes before a decoder sees them: well-formed, shallow, small in count, plain maps, nothing behind the end.
import { isUtf8 } from 'node:buffer';

export interface ScanLimits {
  /** Nesting of maps and arrays. */
  maxDepth: number;
  /** Values and keys in all: one byte can be a value, and a value in memory is tens of bytes. */
  maxNodes: number;
}

/** Names of members in our schemas; a decoder never sees a key such as `__proto__`. */
const KEY = /^[A-Za-z][A-Za-z0-9]{0,63}$/;

/** Why the bytes are refused, or undefined when they are exactly one good value. Never throws. */
export function scanMsgpack(bytes: Uint8Array, limits: ScanLimits): string | undefined {
  const scan = new Scan(bytes, limits);
  return scan.value(0) ?? (scan.at === bytes.length ? undefined : `${bytes.length - scan.at} bytes behind the end`);
}

const TOO_SHORT = 'ends too early';

class Scan {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #limits: ScanLimits;
  #nodes = 0;

  constructor(bytes: Uint8Array, limits: ScanLimits) {
    this.#bytes = bytes;
    this.#limits = limits;
  }

  /** Passes one value; answers why it is refused, or undefined. */
  value(depth: number): string | undefined {
    const token = this.#bytes[this.at];
    if (token === undefined) return TOO_SHORT;
    this.at += 1;
    this.#nodes += 1;
    if (this.#nodes > this.#limits.maxNodes) return `more than ${this.#limits.maxNodes} values`;
    if (token < 0x80 || token >= 0xe0) return undefined; // small integers
    if (token < 0x90) return this.#map(token & 0x0f, depth);
    if (token < 0xa0) return this.#array(token & 0x0f, depth);
    if (token < 0xc0) return this.#text(token & 0x1f);
    return this.#tagged(token, depth);
  }

  #tagged(token: number, depth: number): string | undefined {
    switch (token) {
      case 0xc0: // nil
      case 0xc2: // false
      case 0xc3: // true
        return undefined;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#skip(this.#length(1 << (token - 0xc4)));
      case 0xcb: // double
        return this.#skip(8);
      case 0xcc: // unsigned of 1, 2, 4 bytes
      case 0xcd:
      case 0xce:
        return this.#skip(1 << (token - 0xcc));
      case 0xd0: // signed of 1, 2, 4 bytes
      case 0xd1:
      case 0xd2:
        return this.#skip(1 << (token - 0xd0));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#length(1 << (token - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#length(2 << (token - 0xdc)), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#length(2 << (token - 0xde)), depth);
      default:
        // Extensions, 64-bit integers (no schema takes a bigint), single floats and the unused token: we never write them.
        return `type 0x${token.toString(16)} is not spoken`;
    }
  }

  /** A big-endian length of 1, 2 or 4 bytes; -1 when the bytes end before it does. */
  #length(width: number): number {
    if (this.at + width > this.#bytes.length) return -1;
    let length = 0;
    for (let i = 0; i < width; i += 1) length = length * 256 + (this.#bytes[this.at + i] ?? 0);
    this.at += width;
    return length;
  }

  #skip(count: number): string | undefined {
    if (count < 0 || count > this.#bytes.length - this.at) return TOO_SHORT;
    this.at += count;
    return undefined;
  }

  #text(count: number): string | undefined {
    const start = this.at;
    const refusal = this.#skip(count);
    if (refusal !== undefined) return refusal;
    for (let i = start; i < this.at; i += 1) {
      if ((this.#bytes[i] ?? 0) < 0x80) continue;
      return isUtf8(this.#bytes.subarray(i, this.at)) ? undefined : 'text that is not UTF-8';
    }
    return undefined;
  }

  #array(count: number, depth: number): string | undefined {
    // Each element takes a byte at least.
    if (count < 0 || count > this.#bytes.length - this.at) return TOO_SHORT;
    if (depth >= this.#limits.maxDepth) return `nested deeper than ${this.#limits.maxDepth}`;
    for (let i = 0; i < count; i += 1) {
      const refusal = this.value(depth + 1);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  #map(count: number, depth: number): string | undefined {
    if (count < 0 || count * 2 > this.#bytes.length - this.at) return TOO_SHORT;
    if (depth >= this.#limits.maxDepth) return `nested deeper than ${this.#limits.maxDepth}`;
    const keys = new Set<string>();
    for (let i = 0; i < count; i += 1) {
      const key = this.#key();
      if (key === undefined) return 'a key that no message has';
      if (keys.has(key)) return `key "${key}" twice`;
      keys.add(key);
      const refusal = this.value(depth + 1);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  /** A short text of letters and digits; undefined for anything else. */
  #key(): string | undefined {
    const token = this.#bytes[this.at] ?? 0;
    this.at += 1;
    this.#nodes += 1;
    const length = token >= 0xa0 && token < 0xc0 ? token & 0x1f : token === 0xd9 ? this.#length(1) : -1;
    const start = this.at;
    if (length > 64 || this.#skip(length) !== undefined) return undefined;
    const key = String.fromCharCode(...this.#bytes.subarray(start, this.at));
    return KEY.test(key) ? key : undefined;
  }
}
