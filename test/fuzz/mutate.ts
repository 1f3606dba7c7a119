// Makes hostile bytes from chance: plain noise, damaged copies of good bytes, and values of every shape that msgpack has.
import { Packr } from 'msgpackr';

export type Random = () => number;

export const below = (random: Random, limit: number): number => Math.floor(random() * limit);

export function pick<T>(random: Random, items: readonly T[]): T {
  // In range by the line above; `undefined` may itself be an item.
  return items[below(random, items.length)] as T;
}

/** Mostly small; one in 500 is large, up to a little more than a frame may be. */
export function noise(random: Random): Uint8Array {
  return noiseOf(random, random() < 0.002 ? below(random, 1_100_000) : below(random, 200));
}

export function noiseOf(random: Random, size: number): Uint8Array {
  // A repeated byte is the cheapest way to a large nest or a large count.
  if (random() < 0.2) return new Uint8Array(size).fill(below(random, 256));
  return Uint8Array.from({ length: size }, () => below(random, 256));
}

/** First bytes of every msgpack family, and the numbers that off-by-one errors love. */
const TOKENS = [
  0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc4, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcf, 0xd3,
];
const MORE_TOKENS = [0xd4, 0xd6, 0xd8, 0xd9, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xe0, 0xff];

const EDITS: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  (bytes, random) => withByte(bytes, random, (byte) => byte ^ (1 << below(random, 8))),
  (bytes, random) => withByte(bytes, random, () => pick(random, random() < 0.5 ? TOKENS : MORE_TOKENS)),
  (bytes, random) => withByte(bytes, random, () => below(random, 256)),
  (bytes, random) => bytes.subarray(0, below(random, bytes.length + 1)),
  (bytes, random) => Uint8Array.from([...bytes, ...noiseOf(random, below(random, 64))]),
  (bytes, random) => without(bytes, below(random, bytes.length), 1 + below(random, 8)),
  (bytes, random) => repeated(bytes, below(random, bytes.length), 1 + below(random, 40)),
  (bytes, random) => huge(bytes, below(random, bytes.length)),
];

/** One to four edits of good bytes. */
export function damage(bytes: Uint8Array, random: Random): Uint8Array {
  let damaged = bytes;
  const edits = 1 + below(random, 4);
  for (let i = 0; i < edits && damaged.length > 0; i += 1) damaged = pick(random, EDITS)(damaged, random);
  return damaged;
}

function withByte(bytes: Uint8Array, random: Random, change: (byte: number) => number): Uint8Array {
  const copy = bytes.slice();
  const at = below(random, copy.length);
  copy[at] = change(copy[at] ?? 0);
  return copy;
}

function without(bytes: Uint8Array, from: number, count: number): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, from), ...bytes.subarray(from + count)]);
}

function repeated(bytes: Uint8Array, from: number, count: number): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, from + count), ...bytes.subarray(from)]);
}

/** Four bytes of ones: a length of four billion, if one stands there. */
function huge(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy.fill(0xff, at, at + 4);
  return copy;
}

const STRANGE: readonly unknown[] = [
  null,
  undefined,
  true,
  -1,
  0,
  1.5,
  2 ** 53,
  -(2 ** 53),
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e300,
  10n ** 15n,
  '',
  '__proto__',
  'constructor',
  '\u0000\u001b[2J\u202e',
  'x'.repeat(5_000),
  new Date(0),
  new Map([['a', 1]]),
  new Set([1]),
  /x/,
  new Uint8Array(),
  new Uint8Array(3_000),
  new Float64Array(3),
];

/** Any value: a strange leaf, or lists and maps of such down to `depth`. */
export function strangeValue(random: Random, depth = 4): unknown {
  const chance = random();
  if (depth === 0 || chance < 0.5) return pick(random, STRANGE);
  const count = below(random, 6);
  if (chance < 0.6) return below(random, 2 ** 31);
  if (chance < 0.8) return Array.from({ length: count }, () => strangeValue(random, depth - 1));
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, strangeValue(random, depth - 1)]));
}

/** The value with one member somewhere inside it replaced, removed or added. */
export function strangeMember(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0 || random() < 0.2) return [...value, strangeValue(random, 2)];
    const at = below(random, value.length);
    return value.map((item, i) => (i === at ? strangeMember(item, random) : item));
  }
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return strangeValue(random);
  const entries = Object.entries(value);
  const at = below(random, entries.length + 1);
  if (at === entries.length) return { ...value, [pick(random, ['extra', 'toString', 'x'])]: strangeValue(random, 2) };
  if (random() < 0.2) return Object.fromEntries(entries.filter((_, i) => i !== at));
  return Object.fromEntries(entries.map(([key, item], i) => [key, i === at ? strangeMember(item, random) : item]));
}

// A peer is not bound to our dialect: extensions and all.
const packr = new Packr({ useRecords: false, moreTypes: true, variableMapSize: true });
export const packAnything = (value: unknown): Uint8Array => new Uint8Array(packr.pack(value));
