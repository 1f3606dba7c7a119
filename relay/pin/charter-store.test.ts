// Proves that the pinned charter only moves forward, by its owners, and that a clock set back revives nothing.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { draftNextCharter } from '#shared/seal/charter-draft.ts';
import { signCharter } from '#shared/seal/charter-seal.ts';
import type { SigningKey } from '#shared/seal/key-pair.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { keyOfWord, SAMPLE_TIME, sampleCharter } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { CharterStore, storeFirstCharter } from './charter-store.ts';

let owner: SigningKey;
let other: SigningKey;
beforeAll(async () => {
  [owner, other] = await Promise.all([keyOfWord('owner'), keyOfWord('other')]);
});

async function enrolled() {
  const data = tempFolder(onTestFinished);
  const charter = sampleCharter([owner], []);
  storeFirstCharter(data, await signCharter(charter, [owner]), charter);
  return { data, charter, store: await CharterStore.open(data) };
}

test('a newer charter by the owner is taken and still there after a restart', async () => {
  const { data, charter, store } = await enrolled();
  const next = draftNextCharter(charter, { caps: { devicesPerManifest: 500 } }, SAMPLE_TIME + 1);
  expect(await store.accept(await signCharter(next, [owner]))).toEqual(next);
  expect(store.charter).toEqual(next);
  expect((await CharterStore.open(data)).charter).toEqual(next);
});

test('an older one, a replayed one and a stranger are refused, and nothing changes', async () => {
  const { data, charter, store } = await enrolled();
  const next = draftNextCharter(charter, { owners: [other.publicKey] }, SAMPLE_TIME);
  await expect(store.accept(await signCharter(next, [other]))).rejects.toMatchObject({ code: 'signature-invalid' });
  const replay = store.accept(await signCharter(charter, [owner]));
  await expect(replay).rejects.toMatchObject({ code: 'charter-rollback' });
  expect((await CharterStore.open(data)).charter).toEqual(charter);
});

test('once a charter passed ownership on, the former owner decides nothing', async () => {
  const { charter, store } = await enrolled();
  const passed = await store.accept(
    await signCharter(draftNextCharter(charter, { owners: [other.publicKey] }, SAMPLE_TIME), [owner]),
  );
  const after = draftNextCharter(passed, {}, SAMPLE_TIME);
  await expect(store.accept(await signCharter(after, [owner]))).rejects.toMatchObject({ code: 'signature-invalid' });
  expect(await store.accept(await signCharter(after, [other]))).toEqual(after);
});

test('two charters at once are measured against each other: the older never wins', async () => {
  const { charter, store } = await enrolled();
  const second = draftNextCharter(charter, {}, SAMPLE_TIME);
  const third = draftNextCharter(second, {}, SAMPLE_TIME);
  const signed = await Promise.all([third, second].map((one) => signCharter(one, [owner])));
  await Promise.allSettled(signed.map((one) => store.accept(one)));
  expect(store.charter.version).toBe(3);
});

test('time never reads earlier than what was signed, restart or not', async () => {
  const { data, store } = await enrolled();
  const clock = new FakeClock(SAMPLE_TIME - 86_400_000);
  expect(store.now(clock)).toBe(SAMPLE_TIME);
  store.noteSignedTime(SAMPLE_TIME + 3_600_000);
  expect((await CharterStore.open(data)).now(clock)).toBe(SAMPLE_TIME + 3_600_000);
  store.noteSignedTime(SAMPLE_TIME);
  expect(store.now(clock)).toBe(SAMPLE_TIME + 3_600_000);
  expect(store.now(new FakeClock(SAMPLE_TIME + 7_200_000))).toBe(SAMPLE_TIME + 7_200_000);
});

test('a missing or spoilt file is named', async () => {
  await expect(CharterStore.open(tempFolder(onTestFinished))).rejects.toMatchObject({ code: 'charter-invalid' });
  const { data } = await enrolled();
  writeFileSync(path.join(data, 'identity', 'charter.json'), '{}');
  await expect(CharterStore.open(data)).rejects.toThrow(/charter\.json: not a stored charter/);
});
