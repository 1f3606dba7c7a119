// Proves that a path leads one text at one place to one root, and nothing else does.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { merkleTree, rootFromPath } from './merkle.ts';

const h = (...parts: Array<string | Buffer>) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);
const ROOT = Buffer.of(2);

test('the root of three texts is the one written by hand: the odd last leaf moves up', async () => {
  const [a, b, c] = ['a', 'b', 'c'].map((text) => h(LEAF, text)) as [Buffer, Buffer, Buffer];
  const expected = h(ROOT, Buffer.of(0, 0, 0, 3), h(NODE, h(NODE, a, b), c)).toString('hex');
  const { root, paths } = await merkleTree(['a', 'b', 'c']);
  expect(root).toBe(expected);
  expect(paths[2]).toEqual([h(NODE, a, b).toString('hex')]);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 31])('with %i texts each path leads to the root', async (count) => {
  const texts = Array.from({ length: count }, (_, i) => `text ${i}`);
  const { root, paths } = await merkleTree(texts);
  for (const [index, text] of texts.entries()) {
    expect(await rootFromPath(text, { index, count }, paths[index] ?? [])).toBe(root);
  }
});

test('no other place, count, text or path leads to the root', async () => {
  const count = 6;
  const texts = Array.from({ length: count }, (_, i) => `text ${i}`);
  const { root, paths } = await merkleTree(texts);
  for (const [index, text] of texts.entries()) {
    const path = paths[index] ?? [];
    for (let otherCount = 1; otherCount <= 12; otherCount += 1) {
      for (let otherIndex = 0; otherIndex < 12; otherIndex += 1) {
        if (otherCount === count && otherIndex === index) continue;
        expect(await rootFromPath(text, { index: otherIndex, count: otherCount }, path)).not.toBe(root);
      }
    }
    expect(await rootFromPath(`${text}!`, { index, count }, path)).not.toBe(root);
    expect(await rootFromPath(text, { index, count }, path.toReversed())).toSatisfy(
      (other) => other !== root || path.length < 2,
    );
    expect(await rootFromPath(text, { index, count }, path.slice(1))).toBeUndefined();
    expect(await rootFromPath(text, { index, count }, [...path, root])).toBeUndefined();
  }
});

test('an inner node presented as a text of a smaller tree leads elsewhere', async () => {
  const { root, paths } = await merkleTree(['a', 'b', 'c', 'd']);
  const node = Buffer.concat([h(LEAF, 'a'), h(LEAF, 'b')]).toString('latin1');
  expect(await rootFromPath(node, { index: 0, count: 2 }, (paths[0] ?? []).slice(1))).not.toBe(root);
});

test('a tree of nothing is refused', async () => {
  await expect(merkleTree([])).rejects.toThrow(/at least one leaf/);
});
