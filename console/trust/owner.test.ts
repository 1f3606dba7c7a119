// Proves the life of the keys that the first start makes: made once, found again, and the owner's taken out for good.
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readPrivateFile } from '#shared/crypto/private-file.ts';
import { importSigningKey } from '#shared/seal/key-pair.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { exportOwner, forgetPaper, hasUnexportedOwner, hasUnwrittenPaper, openOwner, readPaper } from './owner.ts';
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
  const { publicKey, paper } = await openOwner(data);
  const target = path.join(tempFolder(onTestFinished), 'my-owner.key');
  expect(await exportOwner(data, target)).toEqual(publicKey);
  expect(hasUnexportedOwner(data)).toBe(false);
  expect(statSync(target).mode & 0o777).toBe(0o600);
  expect((await importSigningKey(readPrivateFile(target) ?? '')).publicKey).toEqual(publicKey);
  expect(await openOwner(data)).toEqual({ publicKey, paper });
  await expect(exportOwner(data, `${target}2`)).rejects.toThrow(/exported before/);
});

test('a second owner key waits to be written down; it leaves only for its own words, and its public half stays', async () => {
  const data = tempFolder(onTestFinished);
  const { publicKey, paper } = await openOwner(data);
  expect(paper?.id).not.toBe(publicKey.id);
  expect(statSync(path.join(data, 'owner', 'paper.key')).mode & 0o777).toBe(0o600);
  const { id, words } = await readPaper(data);
  expect(id).toBe(paper?.id);
  const other = tempFolder(onTestFinished);
  await openOwner(other);
  const foreign = await readPaper(other);
  await expect(forgetPaper(data, foreign.words)).rejects.toMatchObject({ code: 'owner-mismatch' });
  await expect(forgetPaper(data, words.slice(5))).rejects.toMatchObject({ code: 'signature-invalid' });
  expect(hasUnwrittenPaper(data)).toBe(true);
  expect(await forgetPaper(data, words)).toEqual(paper);
  expect(hasUnwrittenPaper(data)).toBe(false);
  expect((await openOwner(data)).paper).toEqual(paper);
  await expect(readPaper(data)).rejects.toMatchObject({ code: 'conflict' });
});

test('a first start that was cut short goes on with the keys it made; an older folder gets no second key', async () => {
  const data = tempFolder(onTestFinished);
  const { paper } = await openOwner(data);
  for (const name of ['owner.key', 'owner.pub']) rmSync(path.join(data, 'owner', name));
  expect((await openOwner(data)).paper).toEqual(paper);
  for (const name of ['paper.key', 'paper.pub']) rmSync(path.join(data, 'owner', name));
  expect((await openOwner(data)).paper).toBeUndefined();
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
