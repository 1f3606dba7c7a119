// Proves that a passkey's assertion counts only for its own statement, page, key, algorithm and a verified user.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { PasskeyKey } from '#shared/model/charter.ts';
import { PasskeySignature } from '#shared/model/manifest.ts';
import {
  type AssertionFaults,
  assertWith,
  passkeyOfWord,
  type VirtualPasskey,
} from '#test/fixtures/virtual-passkey.ts';
import { toBase64url } from './base64url.ts';
import { verifyPasskey } from './passkey.ts';
import { rawFromDer } from './strict-der.ts';

const STATEMENT = '{"kind":"batch","root":"00","total":1,"v":1}';

let passkey: VirtualPasskey;
let other: VirtualPasskey;
let good: PasskeySignature;
beforeAll(async () => {
  passkey = await passkeyOfWord('technician');
  other = await passkeyOfWord('stranger');
  good = await assertWith(passkey, STATEMENT);
});

const judge = (signature: PasskeySignature, key: PasskeyKey = passkey.key, statement = STATEMENT) =>
  verifyPasskey(signature, key, statement).then(
    () => 'accepted',
    (error: { code?: string; message: string }) => `${error.code}: ${error.message.split(': ')[1]}`,
  );

test('a plain assertion is accepted, and again with extensions, backup flags or members a browser adds', async () => {
  expect(await judge(good)).toBe('accepted');
  const tail = Uint8Array.of(0xa0);
  expect(await judge(await assertWith(passkey, STATEMENT, { flags: 0x85, tail }))).toBe('accepted');
  expect(await judge(await assertWith(passkey, STATEMENT, { flags: 0x1d }))).toBe('accepted');
  const added = { other_keys_can_be_added_here: 'do not compare', crossOrigin: undefined };
  expect(await judge(await assertWith(passkey, STATEMENT, { client: added }))).toBe('accepted');
});

test.each(['ES256', 'EdDSA', 'RS256'] as const)('%s verifies, and under no other algorithm', async (algorithm) => {
  const own = await passkeyOfWord('one', algorithm);
  const signature = await assertWith(own, STATEMENT);
  expect(await judge(signature, own.key)).toBe('accepted');
  for (const wrong of ['ES256', 'EdDSA', 'RS256'] as const)
    if (wrong !== algorithm) expect(await judge(signature, { ...own.key, algorithm: wrong })).toMatch(/^signature-in/);
});

test.each<[string, AssertionFaults, string]>([
  ['another origin', { client: { origin: 'https://evil.example' } }, 'signed on a page'],
  ['the origin with another port', { client: { origin: 'https://console.example:444' } }, 'signed on a page'],
  ['a frame of another origin', { client: { crossOrigin: true } }, 'its client data'],
  ['a top page of another origin', { client: { topOrigin: 'https://evil.example' } }, 'its client data'],
  ['a registration', { client: { type: 'webauthn.create' } }, 'its client data'],
  ['a payment', { client: { type: 'payment.get' } }, 'its client data'],
  ['another challenge', { client: { challenge: 'AAAA' } }, 'signed something else'],
  ['a padded challenge', { client: { challenge: 'x=' } }, 'signed something else'],
  ['another relying party', { rpId: 'evil.example' }, 'signed for another'],
  ['nobody present', { flags: 0x04 }, 'nobody was present'],
  ['no verified user', { flags: 0x01 }, 'its user was not'],
  ['a new credential inside', { flags: 0x45 }, 'carries a new'],
  ['bytes behind its end', { tail: Uint8Array.of(0) }, 'has bytes behind'],
])('an assertion with %s is refused though the key signed it', async (_name, faults, why) => {
  expect(await judge(await assertWith(passkey, STATEMENT, faults))).toContain(`signature-invalid: ${why}`);
});

test('another statement, another key, and members of another assertion are refused', async () => {
  expect(await judge(good, passkey.key, STATEMENT.replace('"total":1', '"total":2'))).toContain('signed something');
  expect(await judge(await assertWith(other, STATEMENT))).toContain('does not fit');
  expect(await judge(good, other.key)).toContain('does not fit');
  const again = await assertWith(passkey, STATEMENT, { flags: 0x1d });
  expect(await judge({ ...good, authenticatorData: again.authenticatorData })).toContain('does not fit');
  expect(await judge({ ...good, clientData: toBase64url(Buffer.from('{}')) })).toContain('its client data');
  expect(await judge({ ...good, authenticatorData: good.authenticatorData.slice(0, 40) })).toContain('too short');
});

const der = () => Buffer.from(good.signature, 'base64url');
const length = (bytes: Buffer, change: number) => {
  bytes[1] = (bytes[1] ?? 0) + change;
  return bytes;
};

test.each<[string, () => Buffer]>([
  ['a byte behind the end', () => Buffer.concat([der(), Buffer.of(0)])],
  ['a byte behind the end, counted', () => length(Buffer.concat([der(), Buffer.of(0)]), 1)],
  [
    'a needless leading zero',
    () => length(Buffer.concat([der().subarray(0, 2), Buffer.of(2, (der()[3] ?? 0) + 1, 0), der().subarray(4)]), 1),
  ],
  ['a length of two bytes', () => Buffer.concat([Buffer.of(0x30, 0x81), der().subarray(1)])],
  ['an indefinite length', () => Buffer.concat([Buffer.of(0x30, 0x80), der().subarray(2), Buffer.of(0, 0)])],
  ['the raw form', () => Buffer.from(rawFromDer(der()) ?? [])],
  ['nothing', () => Buffer.alloc(0)],
  ['another tag', () => Buffer.concat([Buffer.of(0x31), der().subarray(1)])],
  ['its last byte cut', () => der().subarray(0, -1)],
  ['zero for r', () => Buffer.concat([Buffer.of(0x30, 6, 2, 1, 0, 2, 1, 1)])],
])('a DER signature with %s is refused', async (_name, change) => {
  const signature = toBase64url(change());
  expect(await judge({ ...good, signature })).toMatch(/^signature-invalid/);
});

test('text that is not the one spelling of its bytes is refused', async () => {
  for (const tail of ['=', ' ', '\n', 'A'.repeat(4)])
    expect(await judge({ ...good, signature: good.signature + tail })).toMatch(/^signature-invalid/);
});

test('an RSA key that can be factored is refused, and so is a key that is none', async () => {
  const rsa = await passkeyOfWord('one', 'RS256');
  const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 });
  const weakSpki = toBase64url(weak.publicKey.export({ type: 'spki', format: 'der' }));
  const weakly = await assertWith({ key: rsa.key, privateKey: weak.privateKey }, STATEMENT);
  expect(await judge(weakly, { ...rsa.key, spki: weakSpki })).toContain('an RSA key of 1024 bits');
  const spki = toBase64url(Buffer.from('no key'));
  expect(await judge(await assertWith(rsa, STATEMENT), { ...rsa.key, spki })).toContain('no RS256 key');
});

const Golden = z.strictObject({ statement: z.string(), spki: z.string(), signature: PasskeySignature });

test('the golden vector verifies', async () => {
  const file = path.join(import.meta.dirname, 'vectors', 'passkey.json');
  if (process.env['WRITE_VECTORS'] === '1')
    writeFileSync(
      file,
      `${JSON.stringify({ statement: STATEMENT, spki: passkey.key.spki, signature: good }, null, 2)}\n`,
    );
  const golden = Golden.parse(JSON.parse(readFileSync(file, 'utf8')));
  expect(golden.spki).toBe(passkey.key.spki);
  expect(await judge(golden.signature, passkey.key, golden.statement)).toBe('accepted');
});
