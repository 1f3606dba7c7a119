// Proves who may stop a site, who may let it go on, and that neither text nor signature passes for the other.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { FreezeId, SiteId } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import { type Freeze, SignedBrake, type Thaw } from '#shared/model/freeze.ts';
import { keyOfWord, SAMPLE_SITE, SAMPLE_TIME, sampleCharter, sampleSigner } from '#test/fixtures/sample-trust.ts';
import { assertWith, passkeyOfWord, passkeySigner, type VirtualPasskey } from '#test/fixtures/virtual-passkey.ts';
import { brakeText, isEverywhere, readThawOf, signBrake, verifyBrake } from './freeze-seal.ts';
import type { SigningKey } from './key-pair.ts';

const ID = FreezeId.parse('0190a000-0000-7000-8005-000000000001');
const freeze: Freeze = { v: 1, kind: 'freeze', site: SAMPLE_SITE, id: ID, at: SAMPLE_TIME, reason: 'stolen laptop' };
const thaw: Thaw = { ...freeze, site: SAMPLE_SITE, kind: 'thaw', freezes: ID, at: SAMPLE_TIME + 1, reason: 'found' };

let key: Record<'owner1' | 'owner2' | 'owner3' | 'ann' | 'bob' | 'annToo' | 'guard' | 'stranger', SigningKey>;
let tap: VirtualPasskey;
let charter: Charter;

beforeAll(async () => {
  const words = ['owner1', 'owner2', 'owner3', 'ann', 'bob', 'annToo', 'guard', 'stranger'] as const;
  // One key per word, so every member is there.
  key = Object.fromEntries(await Promise.all(words.map(async (word) => [word, await keyOfWord(word)]))) as typeof key;
  tap = await passkeyOfWord('guard');
  charter = {
    ...sampleCharter([key.owner1, key.owner2, key.owner3], []),
    quorum: 2,
    signers: [
      { ...sampleSigner(key.ann, 'ann'), isGuardian: true },
      { ...sampleSigner(key.annToo, 'ann laptop'), person: 'ann' },
      { ...sampleSigner(key.bob, 'bob'), role: 'approver' },
      { ...sampleSigner(key.guard, 'guard'), role: 'guardian' },
      passkeySigner(tap, 'guard phone', { role: 'guardian' }),
    ],
  };
});

const codeOf = (signed: SignedBrake, at: Charter = charter) =>
  verifyBrake(signed, at).then(
    ({ kind }) => kind,
    (error: { code?: string }) => error.code,
  );
const signedBy = (brake: Freeze | Thaw, ...names: Array<keyof typeof key>) =>
  signBrake(
    brake,
    names.map((name) => key[name]),
  );

test.each<[Array<keyof typeof key>, string]>([
  [['guard'], 'freeze'],
  [['ann'], 'freeze'],
  [['bob'], 'denied'],
  [['annToo'], 'denied'],
  [['stranger'], 'signature-invalid'],
  [['owner1'], 'signature-invalid'],
  [['guard', 'guard'], 'signature-invalid'],
])('a freeze signed by %j: %s', async (names, code) => {
  expect(await codeOf(await signedBy(freeze, ...names))).toBe(code);
});

test.each<[Array<keyof typeof key>, string]>([
  [['owner1', 'owner2'], 'thaw'],
  [['owner1'], 'signature-missing'],
  [['owner1', 'owner1'], 'signature-missing'],
  [['ann'], 'signature-missing'],
  [['ann', 'annToo'], 'signature-missing'],
  [['ann', 'guard'], 'signature-missing'],
  [['owner1', 'ann'], 'signature-missing'],
  [['ann', 'bob'], 'thaw'],
  [['owner1', 'ann', 'bob'], 'thaw'],
  [['ann', 'stranger'], 'signature-invalid'],
])('a thaw signed by %j: %s', async (names, code) => {
  expect(await codeOf(await signedBy(thaw, ...names))).toBe(code);
});

test('a passkey may freeze, and an edited text, another site or the other kind is refused', async () => {
  const text = brakeText(freeze);
  expect(await codeOf({ text, signatures: [await assertWith(tap, text)] })).toBe('freeze');
  const signed = await signedBy(freeze, 'guard');
  expect(await codeOf({ ...signed, text: text.replace('stolen', 'stole') })).toBe('signature-invalid');
  expect(await codeOf(signed, { ...charter, site: SiteId.parse(ID) })).toBe('manifest-retargeted');
  const { signatures } = await signedBy(thaw, 'guard');
  expect(await codeOf({ text, signatures })).toBe('signature-invalid');
  expect(await codeOf({ ...signed, text: ` ${text}` })).toBe('manifest-invalid');
});

test('an expired charter still stops', async () => {
  expect(await codeOf(await signedBy(freeze, 'guard'), { ...charter, expiresAt: SAMPLE_TIME - 1 })).toBe('freeze');
});

test('the golden vector verifies, and signing it again gives the same bytes', async () => {
  const file = path.join(import.meta.dirname, 'vectors', 'freeze.json');
  const made = { freeze: await signedBy(freeze, 'guard'), thaw: await signedBy(thaw, 'owner1', 'owner2') };
  if (process.env['WRITE_VECTORS'] === '1') writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`);
  expect(made).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  expect(SignedBrake.parse(made.freeze)).toEqual(made.freeze);
});

test('what is handed out to be signed as a thaw is one of the freeze in force, or nothing', async () => {
  const elsewhere = SiteId.parse('0190a000-0000-7000-8001-000000000009');
  const later = FreezeId.parse('0190a000-0000-7000-8005-000000000002');
  expect(readThawOf({ text: brakeText(thaw) }, freeze)).toEqual(thaw);
  for (const other of [freeze, { ...thaw, site: elsewhere }, { ...thaw, freezes: later }])
    expect(() => readThawOf({ text: brakeText(other) }, freeze)).toThrow(
      expect.objectContaining({ code: 'manifest-retargeted' }),
    );
  // The text of an order: a passkey signs texts of every kind alike.
  expect(() => readThawOf({ text: '{"kind":"batch","v":1}' }, freeze)).toThrow(
    expect.objectContaining({ code: 'manifest-invalid' }),
  );
});

test('a freeze of every site counts where its charter names the guardian, and only stopping can be asked so', async () => {
  const everywhere: Freeze = { ...freeze, site: 'everywhere' };
  const signed = await signBrake(everywhere, [key.guard]);
  expect(await verifyBrake(signed, charter)).toEqual(everywhere);
  const other = { ...charter, site: SiteId.parse('0190a000-0000-7000-8001-0000000000aa') };
  expect(await verifyBrake(signed, other)).toEqual(everywhere);
  await expect(verifyBrake(signed, { ...other, signers: [] })).rejects.toMatchObject({ code: 'signature-invalid' });
  await expect(verifyBrake(await signBrake(everywhere, [key.bob]), charter)).rejects.toMatchObject({ code: 'denied' });
  expect(() => brakeText({ ...thaw, site: 'everywhere' } as unknown as Thaw)).toThrow();
  expect([isEverywhere(signed), isEverywhere({ text: brakeText(freeze) }), isEverywhere({ text: '{}' })]).toEqual([
    ...[true, false, false],
  ]);
});
