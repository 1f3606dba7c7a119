// Proves the life of a signing key: made, named by its hash, written and read back, refused when it is none.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { fromBase64url, toBase64url } from './base64url.ts';
import { exportSigningKey, generateSigningKey, importSigningKey, isKeyIdTrue, keyId } from './key-pair.ts';

test('the id of a key is the base64url SHA-256 of its 32 raw bytes', async () => {
  const { publicKey } = await generateSigningKey();
  const raw = Buffer.from(publicKey.key, 'base64url');
  expect(raw).toHaveLength(32);
  expect(publicKey.id).toBe(createHash('sha256').update(raw).digest('base64url'));
  expect(await isKeyIdTrue(publicKey)).toBe(true);
  expect(await isKeyIdTrue({ ...publicKey, id: await keyId((await generateSigningKey()).publicKey.key) })).toBe(false);
});

test('a key survives being written and read', async () => {
  const key = await generateSigningKey();
  const read = await importSigningKey(await exportSigningKey(key));
  expect(read.publicKey).toEqual(key.publicKey);
  expect(await exportSigningKey(read)).toBe(await exportSigningKey(key));
});

test.each([
  ['no JSON', 'CANARY-not-a-key'],
  ['a public key only', '{"kty":"OKP","crv":"Ed25519","x":"CANARY"}'],
  ['another curve', `{"kty":"OKP","crv":"X25519","x":"${'A'.repeat(43)}","d":"${'CANARY'.padEnd(43, 'A')}"}`],
  ['no curve point', `{"kty":"OKP","crv":"Ed25519","x":"${'A'.repeat(43)}","d":"${'CANARY'.padEnd(43, 'A')}"}`],
])('%s is no key, and the error quotes nothing of it', async (_name, text) => {
  const error: unknown = await importSigningKey(text).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'signature-invalid' });
  expect(String(error)).not.toContain('CANARY');
  expect((error as Error).cause).toBeUndefined();
});

test('base64url has one spelling per byte string', () => {
  expect(fromBase64url('AA')).toEqual(Uint8Array.of(0));
  for (const text of ['AB', 'AA==', 'AA\n', ' AA', 'A', 'A+', 'A/']) expect(fromBase64url(text)).toBeUndefined();
  expect(toBase64url(Uint8Array.of(255, 254))).toBe('__4');
});
