// The cache keeps what hashes to its name, within its bounds, and forgets the rest.
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { FileError } from '#shared/remote/file-error.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { ChunkCache, type ChunkCacheOptions } from './chunk-cache.ts';

let clock: FakeClock;
let folder: string;
beforeEach(() => {
  clock = new FakeClock();
  const temp = makeTempFolder();
  folder = temp.path;
  onTestFinished(() => temp[Symbol.asyncDispose]());
});

const open = (more: Partial<ChunkCacheOptions> = {}) => new ChunkCache({ folder, clock, minFreeBytes: 0, ...more });
const chunk = (sizeBytes = 1_000) => {
  const content = randomBytes(sizeBytes);
  return { content, name: { realm: 'alice', hash: createHash('sha256').update(content).digest() } };
};

async function codeOf(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => undefined,
    (problem: unknown) => problem,
  );
  return error instanceof FileError ? error.code : String(error);
}

test('what was kept is there in a later run, for its realm alone', async () => {
  const { content, name } = chunk();
  await open().put(name, content);
  const later = open();
  expect(await later.has(name)).toBe(true);
  expect(await later.get(name)).toEqual(content);
  expect(await later.has({ ...name, realm: 'bob' })).toBe(false);
  expect(later.size).toEqual({ chunks: 1, bytes: 1_000 });
});

test('another content, or more than a chunk, is refused', async () => {
  const cache = open();
  const { name } = chunk();
  expect(await codeOf(cache.put(name, randomBytes(1_000)))).toBe('hash-differs');
  const large = chunk(1_048_577);
  expect(await codeOf(cache.put(large.name, large.content))).toBe('too-large');
  expect(readdirSync(folder)).toEqual([]);
});

test('what the disk changed is not given, and not kept', async () => {
  const cache = open();
  const { content, name } = chunk();
  await cache.put(name, content);
  const [file = ''] = readdirSync(folder);
  writeFileSync(path.join(folder, file), 'something else');
  expect(await cache.get(name)).toBeUndefined();
  expect(await cache.has(name)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});

test('at the bound the longest unused goes first, and what is held stays', async () => {
  const cache = open({ maxBytes: 3_000 });
  const [a, b, c, d, e] = [chunk(), chunk(), chunk(), chunk(), chunk()];
  const hold = cache.hold();
  for (const one of [a, b, c]) await cache.put(one.name, one.content);
  hold.add(a.name);
  await cache.put(d.name, d.content);
  expect([await cache.has(a.name), await cache.has(b.name), await cache.has(c.name)]).toEqual([true, false, true]);
  for (const one of [c, d]) hold.add(one.name);
  expect(await codeOf(cache.put(e.name, e.content))).toBe('full');
  hold[Symbol.dispose]();
  await cache.put(e.name, e.content);
  expect(cache.size).toEqual({ chunks: 3, bytes: 3_000 });
});

test('what nobody used for too long goes', async () => {
  const cache = open({ maxAgeMs: 1_000 });
  const [old, used] = [chunk(), chunk()];
  for (const one of [old, used]) await cache.put(one.name, one.content);
  await clock.advance(900);
  await cache.has(used.name);
  await clock.advance(200);
  await cache.sweep();
  expect([await cache.has(old.name), await cache.has(used.name)]).toEqual([false, true]);
});

test('a disk that is nearly full takes no chunk', async () => {
  const { content, name } = chunk();
  expect(await codeOf(open({ minFreeBytes: Number.MAX_SAFE_INTEGER }).put(name, content))).toBe('full');
});

test('what a killed run was writing is swept away', async () => {
  writeFileSync(path.join(folder, `${'a'.repeat(64)}.1.tmp`), 'half');
  writeFileSync(path.join(folder, 'notes.txt'), 'of somebody else');
  expect(await open().has(chunk().name)).toBe(false);
  expect(readdirSync(folder)).toEqual(['notes.txt']);
});
