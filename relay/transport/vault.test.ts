// The vault takes what a technician sealed for this relay, forwards only, keeps ciphertext on disk and opens it in memory.
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSealingKey } from '#relay/pin/sealing-key.ts';
import { RelayId } from '#shared/base/id.ts';
import type { BoxHeader, SealedSecret } from '#shared/model/credential.ts';
import {
  credentialByPasskey,
  draftCredential,
  draftPromotion,
  revokeCredential,
  sealCredential,
  signCredential,
} from '#shared/seal/credential-seal.ts';
import { keyOfWord, SAMPLE_RELAY, SAMPLE_SITE, sampleCharter } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { assertWith, passkeyOfWord, passkeySigner } from '#test/fixtures/virtual-passkey.ts';
import { newEd25519Pem } from '#test/peers/odd-sshd.ts';
import { Vault } from './vault.ts';

const signer = await keyOfWord('technician');
const charter = sampleCharter([await keyOfWord('owner')], [signer]);
const HEADER: BoxHeader = { v: 1, site: SAMPLE_SITE, relay: SAMPLE_RELAY, name: 'lan', version: 1, slot: 'current' };
const binding = { purpose: 'monitor', ranges: ['10.0.0.0/8'], weakest: 'password' } as const;
const secretOf = (password: string, change: object = {}): SealedSecret => ({
  user: 'ops',
  password,
  binding: { ...binding, ranges: [...binding.ranges], ...change },
});

async function setUp() {
  const data = tempFolder(onTestFinished);
  mkdirSync(path.join(data, 'identity'), { mode: 0o700 });
  const bad: string[] = [];
  const open = async () =>
    Vault.open({
      folder: path.join(data, 'vault'),
      clock: { now: () => 1_000 },
      key: await openSealingKey(data),
      place: { site: SAMPLE_SITE, relay: SAMPLE_RELAY },
      onBadFile: (detail) => bad.push(detail),
    });
  const { publicKey } = await openSealingKey(data);
  const seal = (change: Partial<BoxHeader> = {}, secret = secretOf('canary-tiger'), by = signer) =>
    sealCredential({ header: { ...HEADER, ...change }, secret, keys: [publicKey], issuedAt: 1 }, by);
  return { data, vault: await open(), open, seal, bad, sealingKey: publicKey };
}

test('a login that a hook fetches names the hook, and a box that holds a secret beside it is not made', async () => {
  const { vault, seal } = await setUp();
  const source = { hook: 'laps' };
  await vault.accept(await seal({}, { source, binding: secretOf('').binding }), charter);
  const expected = { user: '', password: undefined, key: undefined, hook: 'laps' };
  expect(vault.get('lan')).toMatchObject({ ok: true, value: expected });
  await expect(seal({ version: 2 }, { ...secretOf('canary-tiger'), source })).rejects.toThrow();
  await expect(seal({ version: 2 }, { source: { hook: '../laps' }, binding: secretOf('').binding })).rejects.toThrow();
});

test('what a technician sealed is used, also after a restart; on disk there is ciphertext of 0600', async () => {
  const { data, vault, open, seal } = await setUp();
  expect(await vault.accept(await seal(), charter)).toMatchObject({ name: 'lan', version: 1, state: 'open' });
  const expected = { ok: true, value: { user: 'ops', password: 'canary-tiger', binding } };
  expect(vault.get('lan')).toMatchObject(expected);
  expect((await open()).get('lan')).toMatchObject(expected);
  for (const file of readdirSync(path.join(data, 'vault'))) {
    const at = path.join(data, 'vault', file);
    expect(statSync(at).mode & 0o777).toBe(0o600);
    expect(readFileSync(at, 'utf8')).not.toMatch(/canary|tiger|10\.0\.0/);
  }
  expect(statSync(path.join(data, 'identity', 'sealing.jwk')).mode & 0o777).toBe(0o600);
});

test('versions only rise: the same changes nothing, an older one is refused, also after a revocation and a restart', async () => {
  const { vault, open, seal } = await setUp();
  const [first, second] = [await seal(), await seal({ version: 2 }, secretOf('lion'))];
  await vault.accept(first, charter);
  expect(await vault.accept(first, charter)).toBeUndefined();
  await vault.accept(second, charter);
  expect(vault.get('lan')).toMatchObject({ ok: true, value: { password: 'lion' } });
  await expect(vault.accept(first, charter)).rejects.toMatchObject({ code: 'manifest-replayed' });
  expect(await vault.accept(await revokeCredential({ ...HEADER, version: 3 }, 2, signer), charter)).toMatchObject({
    state: 'revoked',
  });
  expect(vault.get('lan')).toMatchObject({ ok: false, reason: 'credential-missing' });
  const again = await open();
  await expect(again.accept(second, charter)).rejects.toMatchObject({ code: 'manifest-replayed' });
  expect(again.held()).toMatchObject([{ version: 3, state: 'revoked' }]);
});

test('a stranger, a guardian, another relay: refused, and nothing is kept', async () => {
  const { vault, seal } = await setUp();
  const stranger = await seal({}, secretOf('x'), await keyOfWord('stranger'));
  await expect(vault.accept(stranger, charter)).rejects.toMatchObject({ code: 'signature-invalid' });
  const guardians = { ...charter, signers: charter.signers.map((one) => ({ ...one, role: 'guardian' as const })) };
  await expect(vault.accept(await seal(), guardians)).rejects.toMatchObject({ code: 'signature-invalid' });
  const elsewhere = await seal({ relay: RelayId.parse('0190a000-0000-7000-8002-000000000099') });
  await expect(vault.accept(elsewhere, charter)).rejects.toMatchObject({ code: 'manifest-retargeted' });
  expect([vault.held(), vault.get('lan')]).toEqual([[], undefined]);
});

test('what was sealed to the key of a former machine is told as unreadable, until it is sealed again', async () => {
  const former = await setUp();
  const { vault, seal } = await setUp();
  expect(await vault.accept(await former.seal(), charter)).toMatchObject({ state: 'unreadable' });
  expect(vault.get('lan')).toMatchObject({ ok: false, detail: expect.stringContaining('seal it again') });
  expect(await vault.accept(await seal({ version: 2 }), charter)).toMatchObject({ state: 'open' });
});

test('the next slot takes over when the current one has expired or is revoked; a private key is opened too', async () => {
  const { vault, seal } = await setUp();
  await vault.accept(await seal({}, secretOf('old', { notAfter: 1_000 })), charter);
  expect(vault.get('lan')).toMatchObject({ ok: true, value: { password: 'old' } });
  const key: SealedSecret = { user: 'ops', privateKey: newEd25519Pem(), binding: secretOf('').binding };
  await vault.accept(await seal({ slot: 'next' }, key), charter);
  const got = vault.get('lan');
  expect(got?.ok === true && got.value.key?.isPrivateKey()).toBe(true);
  expect(vault.list()).toEqual(['lan']);
});

test('a file that was changed on disk is told and passed over', async () => {
  const { data, vault, open, seal, bad } = await setUp();
  await vault.accept(await seal(), charter);
  const file = path.join(data, 'vault', 'lan.current.json');
  const { writePrivateFile } = await import('#shared/crypto/private-file.ts');
  writePrivateFile(file, readFileSync(file, 'utf8').replace(/"ciphertext":"..../, '"ciphertext":"AAAA'));
  expect((await open()).get('lan')).toBeUndefined();
  expect(bad).toMatchObject([expect.stringContaining('lan.current.json')]);
});

test('the next slot stands beside the current one, and takes its place when a technician promotes it', async () => {
  const { vault, open, seal } = await setUp();
  await vault.accept(await seal(), charter);
  expect(vault.spare('lan')).toBeUndefined();
  const next = await seal({ slot: 'next', version: 5 }, secretOf('lion'));
  await vault.accept(next, charter);
  expect(vault.get('lan')).toMatchObject({ value: { password: 'canary-tiger' } });
  expect(vault.spare('lan')).toMatchObject({ password: 'lion', isSpare: true });
  const promotion = { place: { relay: SAMPLE_RELAY, name: 'lan' }, sealers: charter, version: 2, issuedAt: 9 };
  const promoted = await signCredential(await draftPromotion(next, promotion), signer);
  expect(await vault.accept(promoted, charter)).toMatchObject({ slot: 'current', version: 2, state: 'open' });
  for (const one of [vault, await open()]) expect(one.get('lan')).toMatchObject({ value: { password: 'lion' } });
});

test('what waits in the next slot is no spare once its time is over', async () => {
  const { vault, seal } = await setUp();
  await vault.accept(await seal(), charter);
  await vault.accept(await seal({ slot: 'next' }, secretOf('lion', { notAfter: 1_000 })), charter);
  expect(vault.spare('lan')).toBeUndefined();
});

test('a login that a passkey sealed is taken, of a passkey the charter does not name it is not', async () => {
  const { vault, sealingKey } = await setUp();
  const passkey = await passkeyOfWord('technician');
  const toSeal = { header: HEADER, secret: secretOf('canary-tiger'), keys: [sealingKey], issuedAt: 1 };
  const draft = await draftCredential(toSeal);
  const sealed = credentialByPasskey(draft, await assertWith(passkey, draft.text));
  await expect(vault.accept(sealed, charter)).rejects.toMatchObject({ code: 'signature-invalid' });
  const named = { ...charter, signers: [passkeySigner(passkey, 'Ada')] };
  expect(await vault.accept(sealed, named)).toMatchObject({ state: 'open' });
});
