// Proves that a relay accepts exactly the text a named signer signed, at its place in the batch, in one spelling.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { RelayId } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import { SignedManifest } from '#shared/model/manifest.ts';
import {
  keyOfWord,
  sampleCharter,
  sampleDevice,
  sampleManifest,
  sampleManifestId,
} from '#test/fixtures/sample-trust.ts';
import { canonicalJson } from './canonical.ts';
import type { SigningKey } from './key-pair.ts';
import { signBatch, verifySignedManifest } from './manifest-seal.ts';
import { merkleTree, rootOfOne } from './merkle.ts';
import { signStrict } from './strict-jws.ts';

let signer: SigningKey;
let stranger: SigningKey;
let charter: Charter;
let batch: SignedManifest[];

const target = (n: number) => ({ device: sampleDevice(n), identity: { macs: [], serial: `sn-${n}` } });
const manifestOf = (n: number) =>
  sampleManifest({
    id: sampleManifestId(n),
    relay: RelayId.parse(`0190a000-0000-7000-8002-00000000000${n}`),
    targets: [target(2 * n), target(2 * n + 1)],
  });

beforeAll(async () => {
  signer = await keyOfWord('technician');
  stranger = await keyOfWord('stranger');
  charter = sampleCharter([await keyOfWord('owner')], [signer]);
  batch = await signBatch([manifestOf(1), manifestOf(2), manifestOf(3)], signer);
});

const nth = (i: number): SignedManifest => {
  const signed = batch[i];
  if (signed === undefined) throw new Error('no such manifest in the batch');
  return signed;
};
const jwsOf = ({ signature }: SignedManifest): string => {
  if (typeof signature !== 'string') throw new Error('not signed by a command line');
  return signature;
};
const codeOf = async (signed: SignedManifest, at: Charter = charter) =>
  verifySignedManifest(signed, at).then(
    () => 'accepted',
    (error: { code?: string }) => error.code,
  );
const edited = (text: string, from: string, to: string) => {
  expect(text).toContain(from);
  return text.replace(from, to);
};

test('every manifest of a batch verifies on its own, with the batch it belongs to', async () => {
  for (const [i, signed] of batch.entries()) {
    expect(SignedManifest.parse(signed)).toEqual(signed);
    const verified = await verifySignedManifest(signed, charter);
    expect(verified).toMatchObject({ manifest: manifestOf(i + 1), total: 6, count: 3 });
    expect(verified.signers.map(({ key }) => key)).toEqual([signer.publicKey]);
  }
});

test('the golden vector verifies, and signing it again gives the same bytes', async () => {
  const file = path.join(import.meta.dirname, 'vectors', 'manifest-batch.json');
  if (process.env['WRITE_VECTORS'] === '1') writeFileSync(file, `${JSON.stringify(batch, null, 2)}\n`);
  const golden: unknown = JSON.parse(readFileSync(file, 'utf8'));
  expect(batch).toEqual(golden);
});

test('a verifier that knows only the written format agrees with the golden vector', () => {
  const { manifest, batch: place } = nth(2);
  const signature = jwsOf(nth(2));
  const [header = '', payload = '', tail = ''] = signature.split('.');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: signer.publicKey.key }, format: 'jwk' });
  expect(verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(tail, 'base64url'))).toBe(true);
  const hash = (...parts: Array<string | Buffer>) =>
    createHash('sha256')
      .update(Buffer.concat(parts.map(Buffer.from)))
      .digest();
  // The third leaf of three: alone on its level, then the right child of the top node; each leaf names two devices.
  const [left, right] = [Buffer.from(place.path[0] ?? '', 'hex'), hash(Buffer.of(0), manifest)];
  const top = hash(Buffer.of(3), Buffer.of(0, 0, 0, 4), left, Buffer.of(0, 0, 0, 2), right);
  const root = hash(Buffer.of(4), Buffer.of(0, 0, 0, 3), Buffer.of(0, 0, 0, 6), top).toString('hex');
  expect(Buffer.from(payload, 'base64url').toString()).toBe(`{"kind":"batch","root":"${root}","total":6,"v":2}`);
});

test('a batch of one is written as the first protocol wrote it', async () => {
  const [one] = await signBatch([manifestOf(1)], signer);
  expect(one?.batch).toEqual({ index: 0, count: 1, path: [], total: 2 });
  const payload = Buffer.from(jwsOf(one ?? nth(0)).split('.')[1] ?? '', 'base64url').toString();
  expect(payload).toMatch(/"total":2,"v":1\}$/);
  const [first] = await merkleTree([{ text: one?.manifest ?? '', weight: 2 }]).then(({ paths }) => paths);
  expect(first).toEqual({ hashes: [], sums: [] });
  expect(await codeOf({ ...(one ?? nth(0)), batch: { index: 0, count: 1, path: [], sums: [1], total: 3 } })).toBe(
    'signature-invalid',
  );
});

test('a signer who understates the total signs nothing that runs', async () => {
  const manifests = [manifestOf(1), manifestOf(2), manifestOf(3)];
  // Six devices, said to be three: every leaf, or one leaf's sibling, is counted too small.
  for (const weights of [
    [1, 1, 1],
    [2, 1, 1],
    [1, 2, 1],
    [2, 2, 1],
  ]) {
    const leaves = manifests.map((one, i) => ({ text: canonicalJson(one), weight: weights[i] ?? 0 }));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const { root, paths } = await merkleTree(leaves);
    const signature = await signStrict(canonicalJson({ v: 2, kind: 'batch', root, total }), 'rmm-batch', signer);
    const codes = await Promise.all(
      leaves.map(async ({ text }, index) => {
        const { hashes: path, sums } = paths[index] ?? { hashes: [], sums: [] };
        return codeOf({ manifest: text, batch: { index, count: 3, path, sums, total }, signature });
      }),
    );
    const honest = weights.map((weight) => (weight === 2 ? 'accepted' : 'manifest-invalid'));
    expect(codes).toEqual(honest);
    expect(2 * codes.filter((code) => code === 'accepted').length).toBeLessThanOrEqual(total);
  }
});

test('an edited command, target or time is refused', async () => {
  const { manifest } = nth(0);
  const edits: Array<[string, string]> = [
    ['uname -a', 'uname -r'],
    [sampleDevice(2), sampleDevice(9)],
    ['"serial":"sn-2"', '"serial":"sn-9"'],
    ['"nbf":1795305600000', '"nbf":1795305600001'],
    [manifestOf(1).relay, manifestOf(2).relay],
  ];
  for (const [from, to] of edits) {
    expect(await codeOf({ ...nth(0), manifest: edited(manifest, from, to) })).toBe('signature-invalid');
  }
});

test('manifests of one batch cannot change places, counts or paths', async () => {
  expect(await codeOf({ ...nth(0), manifest: nth(1).manifest })).toBe('signature-invalid');
  expect(await codeOf({ ...nth(0), batch: nth(1).batch })).toBe('signature-invalid');
  expect(await codeOf({ ...nth(2), batch: { ...nth(2).batch, index: 1, count: 2 } })).toBe('signature-invalid');
  expect(await codeOf({ ...nth(0), batch: { ...nth(0).batch, path: nth(0).batch.path.toReversed() } })).toBe(
    'signature-invalid',
  );
  expect(await codeOf({ ...nth(0), batch: { ...nth(0).batch, path: [] } })).toBe('signature-invalid');
});

test('a total other than the signed one is refused, and so is a signed total below the manifest itself', async () => {
  expect(await codeOf({ ...nth(0), batch: { ...nth(0).batch, total: 2 } })).toBe('signature-invalid');
  const [one] = await signBatch([manifestOf(1)], signer);
  const jws = jwsOf(one ?? nth(0)).split('.')[1] ?? '';
  const statement = JSON.parse(Buffer.from(jws, 'base64url').toString()) as { root: string };
  const signature = await signStrict(canonicalJson({ ...statement, total: 1 }), 'rmm-batch', signer);
  const batchOfOne = { index: 0, count: 1, path: [], total: 1 };
  expect(await codeOf({ manifest: one?.manifest ?? '', batch: batchOfOne, signature })).toBe('manifest-invalid');
});

test('a key outside the charter signs nothing, even under the name of one inside', async () => {
  const [own] = await signBatch([manifestOf(1)], stranger);
  const [forged] = await signBatch([manifestOf(1)], { ...stranger, publicKey: signer.publicKey });
  expect(await codeOf(own ?? nth(0))).toBe('signature-invalid');
  expect(await codeOf(forged ?? nth(0))).toBe('signature-invalid');
  expect(await codeOf(nth(0), { ...charter, signers: [] })).toBe('signature-invalid');
});

test('each of the spellings that other verifiers also accept is refused', async () => {
  const signature = jwsOf(nth(0));
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const twins = [...alphabet].map((c) => signature.slice(0, -1) + c).filter((text) => text !== signature);
  const spaced = ['==', '\n', ' ', '.', '\t', '\0'].map((tail) => signature + tail);
  for (const jws of [...twins, ...spaced, ` ${signature}`, signature.replace('.', '..')]) {
    expect(await codeOf({ ...nth(0), signature: jws })).toBe('signature-invalid');
  }
});

test.each([
  ['another type', '{"alg":"Ed25519","kid":"KID","typ":"rmm-charter"}'],
  ['a key in the header', '{"alg":"Ed25519","jwk":{},"kid":"KID","typ":"rmm-batch"}'],
  ['the members in another order', '{"kid":"KID","alg":"Ed25519","typ":"rmm-batch"}'],
  ['the older name of the algorithm', '{"alg":"EdDSA","kid":"KID","typ":"rmm-batch"}'],
  ['no algorithm', '{"alg":"none","kid":"KID","typ":"rmm-batch"}'],
  ['a critical extension', '{"alg":"Ed25519","crit":["b64"],"b64":false,"kid":"KID","typ":"rmm-batch"}'],
])('a header with %s is refused though the key signed it', async (_name, template) => {
  const header = Buffer.from(template.replace('KID', signer.publicKey.id)).toString('base64url');
  const payload = jwsOf(nth(0)).split('.')[1] ?? '';
  const bytes = await crypto.subtle.sign('Ed25519', signer.privateKey, Buffer.from(`${header}.${payload}`));
  const signature = `${header}.${payload}.${Buffer.from(bytes).toString('base64url')}`;
  expect(await codeOf({ ...nth(0), signature })).toBe('signature-invalid');
});

test.each([
  ['white space', (text: string) => ` ${text}`],
  ['no JSON', () => 'rm -rf /'],
  ['an unknown member', (text: string) => edited(text, '"v":1}', '"v":1,"w":1}')],
  ['an upper-case id', (text: string) => edited(text, sampleManifestId(1), sampleManifestId(1).toUpperCase())],
  ['a device twice', (text: string) => edited(text, sampleDevice(3), sampleDevice(2))],
])('a signed text with %s is refused as a manifest', async (_name, change) => {
  const manifest = change(nth(0).manifest);
  const root = await rootOfOne(manifest);
  const signature = await signStrict(canonicalJson({ v: 1, kind: 'batch', root, total: 2 }), 'rmm-batch', signer);
  expect(await codeOf({ manifest, batch: { index: 0, count: 1, path: [], total: 2 }, signature })).toBe(
    'manifest-invalid',
  );
});
