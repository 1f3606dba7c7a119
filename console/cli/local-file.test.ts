// Local files on their way: hashed as a relay counts, gone on from after a break, in place only when whole.
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ChunkCache } from '#relay/files/chunk-cache.ts';
import { systemClock } from '#shared/base/clock.ts';
import { CHUNK_BYTES } from '#shared/remote/file-message.ts';
import { serveOver } from '#test/fixtures/file-kit.ts';
import { MemoryFiles } from '#test/fixtures/memory-files.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { realmOf, splitPlace } from './files-session.ts';
import { download, sourceOf } from './local-file.ts';

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

function place() {
  const temp = makeTempFolder();
  onTestFinished(() => temp[Symbol.asyncDispose]());
  const files = new MemoryFiles();
  const cache = new ChunkCache({ folder: path.join(temp.path, 'chunks'), clock: systemClock, minFreeBytes: 0 });
  const { client, served } = serveOver(files, cache);
  onTestFinished(async () => {
    client.close();
    await served;
  });
  return { folder: temp.path, files, client };
}

test('a source says its size, its hash, and those of its chunks', async () => {
  const { folder, client, files } = place();
  const content = randomBytes(CHUNK_BYTES + 5);
  writeFileSync(path.join(folder, 'f'), content);
  const file = await open(path.join(folder, 'f'));
  const source = await sourceOf(file, 'a'.repeat(64));
  expect([source.sizeBytes, source.sha256, source.hashes.length]).toEqual([content.length, sha256(content), 2]);
  await client.upload('/f', source);
  expect(files.nodes.get('/f')).toMatchObject({ kind: 'file' });
  writeFileSync(path.join(folder, 'f'), 'short');
  await expect(source.chunk(1)).rejects.toThrow('shorter');
  await file.close();
});

test('a download goes on from what is there, and is in place only when its hash is right', async () => {
  const { folder, client, files } = place();
  const content = randomBytes(300_000);
  files.file('/f', content);
  const local = path.join(folder, 'got');
  const part = `${local}.300000-1000.rmm-part`;
  writeFileSync(part, content.subarray(0, 100_000));
  const told: number[] = [];
  const got = await download(client, '/f', local, (doneBytes) => void told.push(doneBytes));
  expect(got).toEqual({ sha256: sha256(content), sizeBytes: 300_000 });
  expect(told[0]).toBeGreaterThan(100_000);
  expect(readFileSync(local).equals(content)).toBe(true);

  writeFileSync(part, randomBytes(100_000));
  await expect(download(client, '/f', local, () => undefined)).rejects.toThrow('try again');
  expect(readdirSync(folder).filter((name) => name.includes('part'))).toEqual([]);
  expect(readFileSync(local).equals(content)).toBe(true);
});

test.each([
  ['web-1:/var/log', { device: 'web-1', path: '/var/log' }],
  ['win-7:C:\\Users\\a b', { device: 'win-7', path: 'C:/Users/a b' }],
])('%s is a device and a path', (text, expected) => {
  expect(splitPlace(text)).toEqual(expected);
});

test('a place without a device is refused', () => {
  for (const text of ['/var/log', ':/x', 'web-1']) expect(() => splitPlace(text)).toThrow('<device>:<path>');
});

test('the realm of a machine is made once', () => {
  const { folder } = place();
  const realm = realmOf(folder);
  expect(realm).toMatch(/^[0-9a-f]{64}$/);
  expect(realmOf(folder)).toBe(realm);
});
