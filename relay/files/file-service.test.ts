// The service of files against a device in memory: every request, its bounds, and what a hostile path or peer comes to.
import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import { FileClient, type UploadNews, type UploadSource } from '#shared/remote/file-client.ts';
import { FileError } from '#shared/remote/file-error.ts';
import { CHUNK_BYTES } from '#shared/remote/file-message.ts';
import { encodeMessage } from '#shared/remote/message-stream.ts';
import { codeOf, downloaded, entriesIn, sha256, sourceOf } from '#test/fixtures/file-kit.ts';
import { MemoryFiles } from '#test/fixtures/memory-files.ts';
import { type StreamPair, streamPair } from '#test/fixtures/stream-pair.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { ChunkCache } from './chunk-cache.ts';
import type { FileRights } from './file-scope.ts';
import { type FileEvent, serveFiles } from './file-service.ts';

interface Desk {
  client: FileClient;
  files: MemoryFiles;
  events: FileEvent[];
  pair: StreamPair;
  served: Promise<boolean>;
  cache: ChunkCache;
}

function newCache(): ChunkCache {
  const folder = makeTempFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  return new ChunkCache({ folder: folder.path, clock: systemClock, minFreeBytes: 0 });
}

function serve(
  files = new MemoryFiles(),
  { rights = {}, cache = newCache() }: { rights?: Partial<FileRights>; cache?: ChunkCache } = {},
): Desk {
  const pair = streamPair();
  const events: FileEvent[] = [];
  const deps = { stream: pair.far, files, cache, onEvent: (event: FileEvent) => void events.push(event) };
  const served = serveFiles(
    { ...deps, rights: { root: '/', isReadOnly: false, ...rights } },
    new AbortController().signal,
  );
  served.catch(() => undefined);
  const client = new FileClient(pair.near);
  onTestFinished(async () => {
    client.close();
    await served.catch(() => undefined);
  });
  return { client, files, events, pair, served, cache };
}

const namesIn = async (client: FileClient, path: string): Promise<string[]> =>
  (await entriesIn(client, path)).map(({ name }) => name).sort((a, b) => a.localeCompare(b));

test('folders are listed in pages, looked at, made, renamed and removed', async () => {
  const { client, files } = serve();
  files.folder('/many');
  for (let at = 0; at < 1_234; at += 1) files.file(`/many/${at}\u001b[2J`, 'x');
  expect(await namesIn(client, '/many')).toHaveLength(1_234);
  await client.makeFolder('/new');
  expect(await codeOf(client.makeFolder('new'))).toBe('already-there');
  files.file('/a', 'abc');
  expect(await client.stat('a')).toMatchObject({ name: 'a', kind: 'file', sizeBytes: 3 });
  await client.rename('a', 'new/b');
  expect(await codeOf(client.rename('new/b', 'many'))).toBe('already-there');
  expect(await codeOf(client.remove('new'))).toBe('not-empty');
  await client.remove('new/b');
  await client.remove('new');
  expect(await codeOf(client.stat('new'))).toBe('not-found');
  expect(await namesIn(client, '')).toEqual(['many']);
});

test('a file goes up in chunks, is put in place whole, and comes down the same, from any offset', async () => {
  const { client, files, events } = serve();
  const content = randomBytes(3 * CHUNK_BYTES + 12_345);
  const news: UploadNews[] = [];
  const up = await client.upload('/big', sourceOf(content), { onNews: (one) => void news.push(one) });
  expect(up).toEqual({ sizeBytes: content.length, sha256: sha256(content).digest('hex') });
  expect(news.at(-1)?.totalBytes).toBe(content.length);
  const { content: down, result } = await downloaded(client, '/big');
  expect(down.equals(content)).toBe(true);
  expect(result.sha256).toBe(up.sha256);
  const rest = await downloaded(client, '/big', 1_000_001);
  expect(rest.content.equals(content.subarray(1_000_001))).toBe(true);
  expect(rest.result).toEqual({ sha256: undefined, sizeBytes: content.length });
  expect((await client.hash('/big')).sha256).toBe(up.sha256);
  expect(events[0]).toMatchObject({ verb: 'file.write', path: '/big', sha256: up.sha256 });
  expect(files.acts).toEqual(['put /big']);
  await client.upload('/empty', sourceOf(new Uint8Array()));
  expect((await downloaded(client, '/empty')).content).toHaveLength(0);
});

test('ten devices take the same file over the line once, but nobody learns what another has sent', async () => {
  const cache = newCache();
  const content = randomBytes(2 * CHUNK_BYTES + 7);
  let toRelay = 0;
  for (let at = 0; at < 10; at += 1) {
    const { client, pair } = serve(new MemoryFiles(), { cache });
    await client.upload('/installer', sourceOf(content));
    toRelay += pair.bytes().toFar;
  }
  expect(toRelay).toBeLessThan(content.length * 1.1);
  const other = sourceOf(content, 'b'.repeat(64));
  await serve(new MemoryFiles(), { cache }).client.upload('/installer', other);
  expect(other.asked).toHaveLength(3);
});

test('after a cut only what the relay lacks is sent again', async () => {
  const cache = newCache();
  const content = randomBytes(8 * CHUNK_BYTES);
  const first = serve(new MemoryFiles(), { cache });
  const source = sourceOf(content);
  const cutting: UploadSource = {
    ...source,
    chunk: (at) => {
      if (cache.size.chunks >= 3) first.pair.cut();
      return source.chunk(at);
    },
  };
  expect(await codeOf(first.client.upload('/f', cutting))).toBe('lost');
  await first.served.catch(() => undefined);
  const kept = cache.size.chunks;
  expect(kept).toBeGreaterThanOrEqual(3);
  const second = serve(first.files, { cache });
  const rest = sourceOf(content);
  await second.client.upload('/f', rest);
  expect(rest.asked).toHaveLength(8 - kept);
  expect((await downloaded(second.client, '/f')).content.equals(content)).toBe(true);
});

test('a chunk that is not what it is called, or of another size, is refused, and nothing is put in place', async () => {
  const { client, files } = serve();
  const content = randomBytes(CHUNK_BYTES);
  const source = sourceOf(content);
  const other = randomBytes(CHUNK_BYTES);
  expect(await codeOf(client.upload('/f', { ...source, chunk: () => Promise.resolve(other) }))).toBe('hash-differs');
  const short = { ...source, chunk: () => Promise.resolve(content.subarray(1)) };
  expect(await codeOf(client.upload('/f', short))).toBe('bad-request');
  const wrong = { ...source, sha256: '0'.repeat(64) };
  expect(await codeOf(client.upload('/f', wrong))).toBe('hash-differs');
  expect(await codeOf(client.upload('/f', { ...source, hashes: [] }))).toBe('bad-request');
  expect(files.acts).toEqual([]);
});

test.each([
  ['/srv/../etc/passwd', 'outside'],
  ['..', 'outside'],
  ['./x', 'outside'],
  ['a\0b', 'outside'],
  ['escape/passwd', 'outside'],
  ['\u{FFFD}', 'bad-name'],
])('below a signed folder %j is %s, whatever is asked', async (path, code) => {
  const files = new MemoryFiles();
  files.folder('/srv');
  files.folder('/etc');
  files.file('/etc/passwd', 'secret');
  files.link('/srv/escape', '/etc');
  const { client } = serve(files, { rights: { root: '/srv/' } });
  const asked = [
    () => downloaded(client, path),
    () => client.hash(path),
    () => namesIn(client, path),
    () => client.stat(path),
    () => client.remove(path),
    () => client.rename(path, 'x'),
    () => client.upload(path, sourceOf(Buffer.from('x'))),
    () => client.makeFolder(path),
  ];
  for (const ask of asked) expect(await codeOf(ask())).toBe(code);
  expect(files.acts).toEqual([]);
});

test('a link that leads out is followed by nothing, and may itself be removed', async () => {
  const files = new MemoryFiles();
  files.folder('/srv');
  files.file('/secret', 'secret');
  files.link('/srv/way', '/secret');
  const { client } = serve(files, { rights: { root: '/srv' } });
  expect(await codeOf(downloaded(client, 'way'))).toBe('outside');
  expect(await codeOf(client.hash('way'))).toBe('outside');
  expect(await client.stat('way')).toMatchObject({ kind: 'link' });
  await client.remove('way');
  expect(await codeOf(client.remove(''))).toBe('outside');
  expect(files.nodes.has('/secret')).toBe(true);
});

test('a session that was signed for reading changes nothing', async () => {
  const files = new MemoryFiles();
  files.file('/f', 'x');
  const { client } = serve(files, { rights: { isReadOnly: true } });
  const asked = [
    () => client.remove('f'),
    () => client.rename('f', 'g'),
    () => client.makeFolder('d'),
    () => client.upload('f', sourceOf(Buffer.from('y'))),
  ];
  for (const ask of asked) expect(await codeOf(ask())).toBe('read-only');
  expect((await downloaded(client, 'f')).content.toString()).toBe('x');
});

test('a request that is stopped ends on the device, and the others go on', async () => {
  const { client, files } = serve();
  files.file('/f', 'x');
  let seen: AbortSignal | undefined;
  files.before = async (act, signal) => {
    if (act !== 'read') return;
    seen = signal;
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    throw new FileError('cancelled', 'stopped');
  };
  const stop = new AbortController();
  const read = codeOf(client.read('f', { offset: 0, signal: stop.signal }, () => undefined));
  await client.stat('f');
  stop.abort();
  expect(await read).toBe('cancelled');
  await client.stat('f');
  expect(seen?.aborted).toBe(true);
});

test('a seventeenth request at once is refused', async () => {
  const { client, files } = serve();
  let let17: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    let17 = resolve;
  });
  files.before = () => gate;
  const lists = Array.from({ length: 17 }, () => codeOf(client.list('', () => undefined)));
  expect(await lists[16]).toBe('busy');
  let17();
  expect(new Set(await Promise.all(lists.slice(0, 16)))).toEqual(new Set(['undefined']));
});

test('what is no request ends the stream, and what it asked for is over by then', async () => {
  const { pair, served } = serve();
  await pair.near.write(encodeMessage({ id: 1, do: 'format' }));
  await expect(served).rejects.toThrow('no request of files');
});

test('who says that nobody comes back ends the service, who is cut off does not say so', async () => {
  const leaving = serve();
  await leaving.client.leave();
  expect(await leaving.served).toBe(true);
  const closing = serve();
  closing.client.close();
  expect(await closing.served).toBe(false);
});
