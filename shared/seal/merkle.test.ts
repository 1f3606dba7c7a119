// Proves that a path leads one text at one place to one root, and nothing else does.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { merkleTree, rootFromPath } from './merkle.ts';

const NO_PATH = { hashes: [], sums: [] };

const h = (...parts: Array<string | Buffer>) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const LEAF = Buffer.of(0);
const NODE = Buffer.of(3);
const ROOT = Buffer.of(4);
const u32 = (value: number) => Buffer.of(0, 0, 0, value);
/** Text n has the weight n + 1. */
const leaf = (text: string, n: number) => ({ text, weight: n + 1 });

test('the root of three texts is the one written by hand: the odd last leaf moves up', async () => {
  const [a, b, c] = ['a', 'b', 'c'].map((text) => h(LEAF, text)) as [Buffer, Buffer, Buffer];
  const ab = h(NODE, u32(1), a, u32(2), b);
  const expected = h(ROOT, u32(3), u32(6), h(NODE, u32(3), ab, u32(3), c)).toString('hex');
  const { root, paths } = await merkleTree(['a', 'b', 'c'].map(leaf));
  expect(root).toBe(expected);
  expect(paths[2]).toEqual({ hashes: [ab.toString('hex')], sums: [3] });
});

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 31])('with %i texts each path leads to the root', async (count) => {
  const leaves = Array.from({ length: count }, (_, i) => leaf(`text ${i}`, i));
  const { root, paths } = await merkleTree(leaves);
  for (const [index, one] of leaves.entries()) {
    expect(await rootFromPath(one, { index, count }, paths[index] ?? NO_PATH)).toBe(root);
  }
});

test('no other place, count, text or path leads to the root', async () => {
  const count = 6;
  const leaves = Array.from({ length: count }, (_, i) => leaf(`text ${i}`, i));
  const { root, paths } = await merkleTree(leaves);
  for (const [index, one] of leaves.entries()) {
    const path = paths[index] ?? NO_PATH;
    const { hashes, sums } = path;
    for (let otherCount = 1; otherCount <= 12; otherCount += 1) {
      for (let otherIndex = 0; otherIndex < 12; otherIndex += 1) {
        if (otherCount === count && otherIndex === index) continue;
        expect(await rootFromPath(one, { index: otherIndex, count: otherCount }, path)).not.toBe(root);
      }
    }
    const place = { index, count };
    expect(await rootFromPath({ ...one, text: `${one.text}!` }, place, path)).not.toBe(root);
    const reversed = { hashes: hashes.toReversed(), sums: sums.toReversed() };
    expect(await rootFromPath(one, place, reversed)).toSatisfy((other) => other !== root || hashes.length < 2);
    expect(await rootFromPath(one, place, { hashes: hashes.slice(1), sums: sums.slice(1) })).toBeUndefined();
    expect(await rootFromPath(one, place, { hashes: [...hashes, root], sums: [...sums, 1] })).toBeUndefined();
    expect(await rootFromPath(one, place, { hashes, sums: sums.slice(1) })).toBeUndefined();
  }
});

test('an inner node presented as a text of a smaller tree leads elsewhere', async () => {
  const { root, paths } = await merkleTree(['a', 'b', 'c', 'd'].map(leaf));
  const text = Buffer.concat([u32(1), h(LEAF, 'a'), u32(2), h(LEAF, 'b')]).toString('latin1');
  const { hashes, sums } = paths[0] ?? NO_PATH;
  const above = { hashes: hashes.slice(1), sums: sums.slice(1) };
  expect(await rootFromPath({ text, weight: 3 }, { index: 0, count: 2 }, above)).not.toBe(root);
});

test('a tree of nothing is refused', async () => {
  await expect(merkleTree([])).rejects.toThrow(/at least one leaf/);
});

test('a weight shifted from one leaf to another, or taken out of the total, leads elsewhere', async () => {
  const leaves = ['a', 'b', 'c', 'd', 'e'].map(leaf);
  const { root, paths } = await merkleTree(leaves);
  for (const [index, one] of leaves.entries()) {
    const path = paths[index] ?? NO_PATH;
    for (let i = 0; i < path.sums.length; i += 1) {
      for (const by of [-1, 1]) {
        const sums = path.sums.with(i, (path.sums[i] ?? 0) + by);
        for (const weight of [one.weight, one.weight - by])
          expect(await rootFromPath({ ...one, weight }, { index, count: 5 }, { ...path, sums })).not.toBe(root);
      }
    }
    const heavier = { ...one, weight: one.weight + 1 };
    expect(await rootFromPath(heavier, { index, count: 5 }, path)).not.toBe(root);
    expect(await rootFromPath({ ...one, weight: 0 }, { index, count: 5 }, path)).toBeUndefined();
  }
});
