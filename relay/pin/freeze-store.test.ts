// Proves that the newer brake counts, that replays change nothing, and that a restart lets nobody go.

import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { FreezeId } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { Freeze, Thaw } from '#shared/model/freeze.ts';
import { signBrake } from '#shared/seal/freeze-seal.ts';
import type { SigningKey } from '#shared/seal/key-pair.ts';
import { keyOfWord, SAMPLE_SITE, SAMPLE_TIME, sampleCharter, sampleSigner } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { FreezeStore } from './freeze-store.ts';

let owner: SigningKey;
let guard: SigningKey;
let charter: Charter;
beforeAll(async () => {
  [owner, guard] = await Promise.all([keyOfWord('owner'), keyOfWord('guard')]);
  charter = { ...sampleCharter([owner], []), signers: [{ ...sampleSigner(guard, 'guard'), role: 'guardian' }] };
});

const idOf = (n: number) => FreezeId.parse(`0190a000-0000-7000-8005-00000000000${n}`);
const freeze = (n: number, at = SAMPLE_TIME + n): Freeze => ({
  v: 1,
  kind: 'freeze',
  site: SAMPLE_SITE,
  id: idOf(n),
  at,
  reason: '',
});
const thaw = (n: number, of: number): Thaw => ({ ...freeze(n), site: SAMPLE_SITE, kind: 'thaw', freezes: idOf(of) });

function opened() {
  const data = tempFolder(onTestFinished);
  mkdirSync(path.join(data, 'identity'), { mode: 0o700 });
  const store = FreezeStore.open(data);
  const take = async (brake: Freeze | Thaw, at: FreezeStore = store) =>
    at.accept(await signBrake(brake, [brake.kind === 'freeze' ? guard : owner]), charter, SAMPLE_TIME);
  return { data, store, take };
}

test('a freeze holds over a restart, in a file of its own, until it is thawed', async () => {
  const { data, store, take } = opened();
  expect(store.frozen).toBeUndefined();
  expect(await take(freeze(1))).toMatchObject({ kind: 'freeze' });
  expect(statSync(path.join(data, 'identity', 'freeze.json')).mode & 0o777).toBe(0o600);
  const again = FreezeStore.open(data);
  expect(again.frozen).toEqual(freeze(1));
  expect(await take(thaw(2, 1), again)).toMatchObject({ kind: 'thaw' });
  expect(FreezeStore.open(data).frozen).toBeUndefined();
});

test('an old freeze or thaw that comes again changes nothing', async () => {
  const { store, take } = opened();
  await take(freeze(1));
  await take(thaw(2, 1));
  expect(await take(freeze(1))).toBeUndefined();
  expect(store.frozen).toBeUndefined();
  await take(freeze(3));
  expect(await take(thaw(2, 1))).toBeUndefined();
  expect(store.frozen).toEqual(freeze(3));
});

test('a thaw of another freeze, one of the far future and one signed by nobody of ours are refused', async () => {
  const { store, take } = opened();
  await take(freeze(3));
  await expect(take(thaw(4, 1))).rejects.toMatchObject({ code: 'frozen' });
  await expect(take(freeze(5, SAMPLE_TIME + 90_000_000))).rejects.toMatchObject({ code: 'clock-skew' });
  const forged = store.accept(await signBrake(thaw(6, 3), [await keyOfWord('stranger')]), charter, SAMPLE_TIME);
  await expect(forged).rejects.toMatchObject({ code: 'signature-invalid' });
  expect(store.frozen).toEqual(freeze(3));
});

test('a freeze is in force although no disk takes it, and is written as soon as one does; a thaw is on disk first', async () => {
  const { data, store, take } = opened();
  const folder = path.join(data, 'identity');
  const breakDisk = () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
  };
  const mendDisk = () => {
    rmSync(folder);
    mkdirSync(folder, { mode: 0o700 });
  };
  breakDisk();
  await expect(take(freeze(1))).rejects.toThrow();
  expect(store.frozen).toEqual(freeze(1));
  mendDisk();
  // The console hands it over again after every handshake.
  expect(await take(freeze(1))).toBeUndefined();
  expect(FreezeStore.open(data).frozen).toEqual(freeze(1));
  breakDisk();
  await expect(take(thaw(2, 1))).rejects.toThrow();
  expect(store.frozen).toEqual(freeze(1));
  mendDisk();
  expect(await take(thaw(2, 1))).toMatchObject({ kind: 'thaw' });
  expect(FreezeStore.open(data).frozen).toBeUndefined();
});

test('a spoilt file stops the start', () => {
  const { data } = opened();
  writeFileSync(path.join(data, 'identity', 'freeze.json'), '{}', { mode: 0o600 });
  expect(() => FreezeStore.open(data)).toThrow(/counts as frozen/);
});
