// Proves that the authority is made once and never replaced, and that the server certificate is renewed when it must be.
import { X509Certificate } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { authorityFingerprint, openAuthority, openServerCertificate } from './authority.ts';

const NOW = 1_795_305_600_000;
const DAY = 86_400_000;

test('the authority is made at the first start and found at the second', async () => {
  const data = tempFolder(onTestFinished);
  const made = await openAuthority(data, NOW);
  const found = await openAuthority(data, NOW + DAY);
  expect(found.certificatePem).toBe(made.certificatePem);
  expect(authorityFingerprint(found)).toMatch(/^[0-9a-f]{64}$/);
});

test.each(['authority.pem', 'authority.key'])('without its %s no new authority is made', async (name) => {
  const data = tempFolder(onTestFinished);
  await openAuthority(data, NOW);
  rmSync(path.join(data, 'certs', name));
  await expect(openAuthority(data, NOW)).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.stringContaining(name),
  });
});

test('the server certificate is kept while it fits, and reissued when it ends soon or names change', async () => {
  const data = tempFolder(onTestFinished);
  const authority = await openAuthority(data, NOW);
  const names = ['localhost', '127.0.0.1', '::1'];
  const at = (now: number, wanted = names) => openServerCertificate(data, authority, { names: wanted, now });
  const first = await at(NOW);
  expect(await at(NOW + 59 * DAY)).toEqual(first);
  const renewed = await at(NOW + 61 * DAY);
  expect(renewed.certificate).not.toBe(first.certificate);
  expect(await at(NOW + 61 * DAY)).toEqual(renewed);
  const more = await at(NOW + 61 * DAY, [...names, 'console.example']);
  expect(new X509Certificate(more.certificate).checkHost('console.example')).toBe('console.example');
  const fewer = await at(NOW + 61 * DAY);
  expect(new X509Certificate(fewer.certificate).checkHost('console.example')).toBeUndefined();
});

test('a server certificate of another authority or another key is replaced', async () => {
  const [data, other] = [tempFolder(onTestFinished), tempFolder(onTestFinished)];
  const wanted = { names: ['localhost'], now: NOW };
  const [mine, foreign] = [await openAuthority(data, NOW), await openAuthority(other, NOW)];
  const stray = await openServerCertificate(data, foreign, wanted);
  const own = await openServerCertificate(data, mine, wanted);
  expect(own.certificate).not.toBe(stray.certificate);
  expect(await openServerCertificate(data, mine, wanted)).toEqual(own);
});
