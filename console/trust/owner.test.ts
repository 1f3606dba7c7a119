// Proves the life of the keys that the first start makes: made once, found again, and the owner's taken out for good.
import { existsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readPrivateFile } from '#shared/crypto/private-file.ts';
import { importSigningKey } from '#shared/seal/key-pair.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { exportOwner, hasUnexportedOwner, openOwner } from './owner.ts';
import { openSigner } from './signer.ts';

test('owner and signer are made at the first start, private, and the same at the second', async () => {
  const data = tempFolder(onTestFinished);
  const [owner, signer] = [await openOwner(data), await openSigner(data)];
  expect(hasUnexportedOwner(data)).toBe(true);
  expect(signer.publicKey.id).not.toBe(owner.publicKey.id);
  for (const file of ['owner/owner.key', 'cli/signer.key']) {
    expect(statSync(path.join(data, file)).mode & 0o777).toBe(0o600);
  }
  expect((await openOwner(data)).publicKey).toEqual(owner.publicKey);
  expect((await openSigner(data)).publicKey).toEqual(signer.publicKey);
});

test('an exported owner key is in the new file alone, and this console knows its public half', async () => {
  const data = tempFolder(onTestFinished);
  const { publicKey } = await openOwner(data);
  const target = path.join(tempFolder(onTestFinished), 'my-owner.key');
  expect(await exportOwner(data, target)).toEqual(publicKey);
  expect(hasUnexportedOwner(data)).toBe(false);
  expect(statSync(target).mode & 0o777).toBe(0o600);
  expect((await importSigningKey(readPrivateFile(target) ?? '')).publicKey).toEqual(publicKey);
  expect(await openOwner(data)).toEqual({ publicKey });
  await expect(exportOwner(data, `${target}2`)).rejects.toThrow(/exported before/);
});

test('an export overwrites nothing, and a failed one leaves the key where it was', async () => {
  const data = tempFolder(onTestFinished);
  await openOwner(data);
  const taken = path.join(tempFolder(onTestFinished), 'taken');
  writeFileSync(taken, 'mine');
  await expect(exportOwner(data, taken)).rejects.toMatchObject({ code: 'conflict' });
  await expect(exportOwner(data, path.join(taken, '..', 'none', 'x'))).rejects.toMatchObject({ code: 'not-found' });
  expect(hasUnexportedOwner(data)).toBe(true);
  expect(existsSync(path.join(data, 'owner', 'owner.key'))).toBe(true);
});

test('a foreign owner key put in place of ours is named', async () => {
  const [data, other] = [tempFolder(onTestFinished), tempFolder(onTestFinished)];
  await openOwner(data);
  await openOwner(other);
  const foreign = readPrivateFile(path.join(other, 'owner', 'owner.key')) ?? '';
  writeFileSync(path.join(data, 'owner', 'owner.key'), foreign);
  await expect(openOwner(data)).rejects.toMatchObject({ code: 'owner-mismatch' });
});
