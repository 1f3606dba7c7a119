// A Merkle tree over texts: one signature covers many manifests, and each reader checks only its own.
import { fromHex, sha256, toHex } from './hash.ts';

// Domain separation: no leaf reads as a node, no node as a root.
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
const ROOT = Uint8Array.of(2);

/** Where a leaf stands: with `count` the shape of the tree is known, so a path has exactly one reading. */
export interface Place {
  index: number;
  count: number;
}

const nodeOf = (left: Uint8Array, right: Uint8Array) => sha256(NODE, left, right);

/** The count is hashed into the root: a path for 3 leaves can never pass as one for 2. */
function sealTop(top: Uint8Array, count: number): Promise<Uint8Array> {
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, count);
  return sha256(ROOT, size, top);
}

/** All levels, leaves first. A level's odd last node moves up unchanged: it is never paired with itself. */
async function levelsOf(texts: readonly string[]): Promise<Uint8Array[][]> {
  let level = await Promise.all(texts.map((text) => sha256(LEAF, text)));
  const levels = [level];
  while (level.length > 1) {
    const above: Array<Uint8Array | Promise<Uint8Array>> = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = level.slice(i, i + 2);
      if (left !== undefined) above.push(right === undefined ? left : nodeOf(left, right));
    }
    level = await Promise.all(above);
    levels.push(level);
  }
  return levels;
}

function pathOf(levels: readonly Uint8Array[][], index: number): string[] {
  const path: string[] = [];
  let at = index;
  for (const level of levels) {
    const sibling = level[at ^ 1];
    if (sibling !== undefined) path.push(toHex(sibling));
    at >>= 1;
  }
  return path;
}

/** The root over `texts` (at least one) and, for each text, the siblings from leaf to root; lower-case hex. */
export async function merkleTree(texts: readonly string[]): Promise<{ root: string; paths: string[][] }> {
  const levels = await levelsOf(texts);
  const top = levels.at(-1)?.[0];
  if (top === undefined) throw new RangeError('a tree needs at least one leaf');
  return { root: toHex(await sealTop(top, texts.length)), paths: texts.map((_, i) => pathOf(levels, i)) };
}

/** The root that `text` at `place` leads to, or undefined when the path has not exactly the length its place asks for. */
export async function rootFromPath(text: string, place: Place, path: readonly string[]): Promise<string | undefined> {
  if (place.index < 0 || place.index >= place.count) return undefined;
  let hash = await sha256(LEAF, text);
  let used = 0;
  let at = place.index;
  for (let size = place.count; size > 1; size = Math.ceil(size / 2), at >>= 1) {
    if ((at ^ 1) >= size) continue; // the odd last node moves up
    const sibling = path[used];
    if (sibling === undefined) return undefined;
    used += 1;
    hash = at % 2 === 0 ? await nodeOf(hash, fromHex(sibling)) : await nodeOf(fromHex(sibling), hash);
  }
  return used === path.length ? toHex(await sealTop(hash, place.count)) : undefined;
}
