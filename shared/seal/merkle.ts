// A Merkle tree that adds up: one signature covers many manifests, each reader checks only its own, and no total can be understated.
import { fromHex, sha256, toHex } from './hash.ts';

// Domain separation: no leaf reads as a node, no node as a root, and nothing of one kind of tree as of the other.
const LEAF = Uint8Array.of(0);
const ROOT_OF_ONE = Uint8Array.of(2);
const NODE = Uint8Array.of(3);
const ROOT = Uint8Array.of(4);

/** Where a leaf stands: with `count` the shape of the tree is known, so a path has exactly one reading. */
export interface Place {
  index: number;
  count: number;
}

/** A text and the devices it names. */
export interface Leaf {
  text: string;
  weight: number;
}

interface Node {
  hash: Uint8Array;
  /** Of all leaves below; hashed into the node above, so that every leaf's reader counts it the same. */
  sum: number;
}

/** Siblings from leaf to root: lower-case hex, and how much stands below each. */
export interface Path {
  hashes: string[];
  sums: number[];
}

function number(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

async function nodeOf(left: Node, right: Node): Promise<Node> {
  const hash = await sha256(NODE, number(left.sum), left.hash, number(right.sum), right.hash);
  return { hash, sum: left.sum + right.sum };
}

/** Count and total are hashed into the root: a path for 3 leaves can never pass as one for 2. */
const sealTop = async (top: Node, count: number): Promise<string> =>
  toHex(await sha256(ROOT, number(count), number(top.sum), top.hash));

/** The root over a single text. */
export const rootOfOne = async (text: string): Promise<string> =>
  toHex(await sha256(ROOT_OF_ONE, number(1), await sha256(LEAF, text)));

/** All levels, leaves first. A level's odd last node moves up unchanged: it is never paired with itself. */
async function levelsOf(leaves: readonly Leaf[]): Promise<Node[][]> {
  let level = await Promise.all(
    leaves.map(async ({ text, weight }) => ({ hash: await sha256(LEAF, text), sum: weight })),
  );
  const levels = [level];
  while (level.length > 1) {
    const above: Array<Node | Promise<Node>> = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = level.slice(i, i + 2);
      if (left !== undefined) above.push(right === undefined ? left : nodeOf(left, right));
    }
    level = await Promise.all(above);
    levels.push(level);
  }
  return levels;
}

function pathOf(levels: readonly Node[][], index: number): Path {
  const path: Path = { hashes: [], sums: [] };
  let at = index;
  for (const level of levels) {
    const sibling = level[at ^ 1];
    if (sibling !== undefined) {
      path.hashes.push(toHex(sibling.hash));
      path.sums.push(sibling.sum);
    }
    at >>= 1;
  }
  return path;
}

/** The root over `leaves` (at least one) and, for each, its path to it. */
export async function merkleTree(leaves: readonly Leaf[]): Promise<{ root: string; paths: Path[] }> {
  const levels = await levelsOf(leaves);
  const top = levels.at(-1)?.[0];
  if (top === undefined) throw new RangeError('a tree needs at least one leaf');
  return { root: await sealTop(top, leaves.length), paths: leaves.map((_, i) => pathOf(levels, i)) };
}

/**
 * The root that `leaf` at `place` leads to, or undefined when the path has not exactly the length its place asks for.
 * All leaves under one root agree on every sum between them: whoever understates one leaf's weight leads that leaf elsewhere.
 */
export async function rootFromPath(leaf: Leaf, place: Place, path: Path): Promise<string | undefined> {
  if (place.index < 0 || place.index >= place.count || path.hashes.length !== path.sums.length) return undefined;
  if (leaf.weight < 1 || path.sums.some((sum) => sum < 1)) return undefined;
  let node: Node = { hash: await sha256(LEAF, leaf.text), sum: leaf.weight };
  let used = 0;
  let at = place.index;
  for (let size = place.count; size > 1; size = Math.ceil(size / 2), at >>= 1) {
    if ((at ^ 1) >= size) continue; // the odd last node moves up
    const [hash, sum] = [path.hashes[used], path.sums[used]];
    if (hash === undefined || sum === undefined) return undefined;
    used += 1;
    const sibling = { hash: fromHex(hash), sum };
    node = at % 2 === 0 ? await nodeOf(node, sibling) : await nodeOf(sibling, node);
  }
  return used === path.hashes.length ? sealTop(node, place.count) : undefined;
}
