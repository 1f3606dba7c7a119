// What a relay keeps of watching, over restarts: the newest that signers of its charter signed, and nothing others could have written.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Charter } from '#shared/model/charter.ts';
import type { WatchDocument } from '#shared/model/watch-policy.ts';
import type { SigningKey } from '#shared/seal/key-pair.ts';
import { signWatch } from '#shared/seal/watch-seal.ts';
import { keyOfWord, SAMPLE_SITE, SAMPLE_TIME, sampleCharter, sampleSigner } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { WatchStore } from './watch-store.ts';

let signer: SigningKey;
let stranger: SigningKey;
let charter: Charter;
beforeAll(async () => {
  [signer, stranger] = [await keyOfWord('signer'), await keyOfWord('stranger')];
  charter = sampleCharter([], [signer]);
});
const place = () => ({ site: SAMPLE_SITE, charter, now: SAMPLE_TIME });
const document = (version: number): WatchDocument => ({
  ...{ v: 1, kind: 'watch', sites: [SAMPLE_SITE], version, at: SAMPLE_TIME, layers: [], windows: [], routes: [] },
});
const dataFolder = () => {
  const data = tempFolder(onTestFinished);
  mkdirSync(path.join(data, 'identity'), { mode: 0o700 });
  return data;
};

test('a higher version takes the place of the former one, and is there after a restart', async () => {
  const data = dataFolder();
  const store = WatchStore.open(data);
  expect(store.document).toBeUndefined();
  expect(await store.accept(await signWatch(document(7), [signer]), place())).toEqual(document(7));
  expect(await store.accept(await signWatch(document(9), [signer]), place())).toEqual(document(9));
  expect(WatchStore.open(data).document).toEqual(document(9));
});

test('an older one, an equal one of other words and a forged one are refused; the same again is nothing new', async () => {
  const store = WatchStore.open(dataFolder());
  await store.accept(await signWatch(document(7), [signer]), place());
  expect(await store.accept(await signWatch(document(7), [signer]), place())).toBeUndefined();
  await expect(store.accept(await signWatch(document(6), [signer]), place())).rejects.toMatchObject({
    code: 'manifest-replayed',
  });
  const other = { ...document(7), at: SAMPLE_TIME + 1 };
  await expect(store.accept(await signWatch(other, [signer]), place())).rejects.toMatchObject({
    code: 'manifest-replayed',
  });
  await expect(store.accept(await signWatch(document(8), [stranger]), place())).rejects.toMatchObject({
    code: 'signature-invalid',
  });
  expect(store.document).toEqual(document(7));
});

test('of two at once the higher one stands, whichever is proven first', async () => {
  const store = WatchStore.open(dataFolder());
  const [low, high] = [await signWatch(document(7), [signer]), await signWatch(document(8), [signer])];
  await Promise.allSettled([store.accept(high, place()), store.accept(low, place())]);
  expect(store.document?.version).toBe(8);
});

test('it stays when its signer has left the charter', async () => {
  const store = WatchStore.open(dataFolder());
  await store.accept(await signWatch(document(7), [signer]), place());
  const later = { ...charter, version: 2, signers: [sampleSigner(stranger)] };
  await expect(
    store.accept(await signWatch(document(8), [signer]), { ...place(), charter: later }),
  ).rejects.toMatchObject({ code: 'signature-invalid' });
  expect(store.document).toEqual(document(7));
});

test('a file that does not read stops the start', () => {
  const data = dataFolder();
  writeFileSync(path.join(data, 'identity', 'watch.json'), '{"text":"{}"}', { mode: 0o600 });
  expect(() => WatchStore.open(data)).toThrow('not a stored watch document');
});
