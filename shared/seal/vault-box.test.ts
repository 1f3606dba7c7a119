// Proves that a sealed credential opens for its relay alone, at its one place, in the one form that a technician signed.
import { createDecipheriv, createPrivateKey, createPublicKey, diffieHellman, hkdfSync, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import { RelayId, SiteId } from '#shared/base/id.ts';
import type { BoxHeader, SealedCredential, SealedSecret } from '#shared/model/credential.ts';
import { keyOfWord, sampleSigner } from '#test/fixtures/sample-trust.ts';
import { canonicalJson } from './canonical.ts';
import {
  headerOf,
  openCredential,
  revokeCredential,
  sealCredential,
  verifySealedCredential,
} from './credential-seal.ts';
import type { SigningKey } from './key-pair.ts';
import { generateOpeningKey, importOpeningKey, type OpeningKey, openBox, sealBox } from './vault-box.ts';

const HEADER: BoxHeader = {
  v: 1,
  site: SiteId.parse('00000000-0000-7000-8000-000000000001'),
  relay: RelayId.parse('00000000-0000-7000-8000-000000000002'),
  name: 'lan',
  version: 3,
  slot: 'current',
};
const SECRET: SealedSecret = {
  user: 'monitor',
  password: 'canary-tiger',
  binding: { purpose: 'monitor', ranges: ['10.0.0.0/8'], weakest: 'password', notAfter: 2_000 },
};

const golden: { jwk: { d: string; x: string }; plain: string; header: BoxHeader; box: Parameters<typeof openBox>[0] } =
  JSON.parse(readFileSync(path.resolve('shared/seal/vectors/vault-box.json'), 'utf8'));

let relay: OpeningKey;
let other: OpeningKey;
let signer: SigningKey;
let sealed: SealedCredential;

const of = (...keys: SigningKey[]) => ({ version: 1, signers: keys.map((key) => sampleSigner(key)) });

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'taken',
    (error: unknown) => (error instanceof AppError ? error.code : `${error}`),
  );

beforeAll(async () => {
  [relay, other] = [(await generateOpeningKey()).key, (await generateOpeningKey()).key];
  signer = await keyOfWord('technician');
  const keys = [relay.publicKey, other.publicKey];
  sealed = await sealCredential({ header: HEADER, secret: SECRET, keys, issuedAt: 1_000 }, signer);
});

test('the golden box opens, by us and by another implementation of the same rule', async () => {
  const key = await importOpeningKey(JSON.stringify({ kty: 'OKP', crv: 'X25519', ...golden.jwk }));
  expect(await openBox(golden.box, key, golden.header)).toBe(golden.plain);
  const raw = (text: string) => Buffer.from(text, 'base64url');
  const secret = diffieHellman({
    privateKey: createPrivateKey({ format: 'jwk', key: { kty: 'OKP', crv: 'X25519', ...golden.jwk } }),
    publicKey: createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'X25519', x: golden.box.ephemeral } }),
  });
  const salt = Buffer.concat([raw(golden.box.ephemeral), raw(golden.jwk.x)]);
  const bits = Buffer.from(hkdfSync('sha256', secret, salt, 'rmm credential box v1', 44));
  const decipher = createDecipheriv('aes-256-gcm', bits.subarray(0, 32), bits.subarray(32));
  const { header, box } = golden;
  decipher.setAAD(Buffer.from(canonicalJson({ header, to: box.to, ephemeral: box.ephemeral })));
  const bytes = raw(box.ciphertext);
  decipher.setAuthTag(bytes.subarray(-16));
  expect(Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString()).toBe(golden.plain);
});

test('what is sealed comes back for the relay and for escrow, and is in no byte that travels', async () => {
  const { statement } = await verifySealedCredential(sealed, of(signer));
  expect(headerOf(statement)).toEqual(HEADER);
  expect(await openCredential(sealed, statement, relay)).toEqual(SECRET);
  expect(await openCredential(sealed, statement, other)).toEqual(SECRET);
  const travels = sealed.boxes.map((box) => Buffer.from(box.ciphertext, 'base64url').toString('latin1'));
  expect([JSON.stringify(sealed), ...travels].join()).not.toMatch(/canary|monitor/);
});

test('the golden credential is proven and opens, and its signature is plain Ed25519 over the statement', async () => {
  const file = path.resolve('shared/seal/vectors/credential.json');
  const key = await importOpeningKey(JSON.stringify({ kty: 'OKP', crv: 'X25519', ...golden.jwk }));
  if (process.env['WRITE_VECTORS'] === '1') {
    const made = await sealCredential(
      { header: HEADER, secret: SECRET, keys: [key.publicKey], issuedAt: 1_000 },
      signer,
    );
    writeFileSync(file, `${JSON.stringify({ secret: SECRET, sealed: made }, undefined, 2)}\n`);
  }
  const vector: { secret: SealedSecret; sealed: SealedCredential } = JSON.parse(readFileSync(file, 'utf8'));
  const { statement } = await verifySealedCredential(vector.sealed, of(signer));
  expect(headerOf(statement)).toEqual(HEADER);
  expect(await openCredential(vector.sealed, statement, key)).toEqual(vector.secret);
  const [header = '', payload = '', signature = ''] = String(vector.sealed.signature).split('.');
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: signer.publicKey.key } });
  expect(verify(null, Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
  expect(Buffer.from(payload, 'base64url').toString()).toBe(canonicalJson(statement));
});

test('a stranger opens nothing, not even with its own id on the box', async () => {
  const stranger = (await generateOpeningKey()).key;
  const [box] = sealed.boxes;
  if (box === undefined) throw new Error('no box');
  expect(await codeOf(openBox(box, stranger, HEADER))).toBe('signature-invalid');
  expect(await codeOf(openBox({ ...box, to: stranger.publicKey.id }, stranger, HEADER))).toBe('signature-invalid');
});

test.each<[string, Partial<BoxHeader>]>([
  ['site', { site: SiteId.parse('00000000-0000-7000-8000-000000000009') }],
  ['relay', { relay: RelayId.parse('00000000-0000-7000-8000-000000000009') }],
  ['name', { name: 'wan' }],
  ['version', { version: 4 }],
  ['slot', { slot: 'next' }],
])('a box moved to another %s does not open', async (_what, change) => {
  const [box] = sealed.boxes;
  if (box === undefined) throw new Error('no box');
  expect(await codeOf(openBox(box, relay, { ...HEADER, ...change }))).toBe('signature-invalid');
});

test('no bit of a box can be changed, nothing cut or added', async () => {
  const box = await sealBox('short', relay.publicKey, HEADER);
  for (const member of ['ephemeral', 'ciphertext'] as const) {
    const bytes = Buffer.from(box[member], 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await codeOf(openBox({ ...box, [member]: changed.toString('base64url') }, relay, HEADER))).not.toBe(
        'taken',
      );
    }
    for (const bytesOf of [bytes.subarray(1), bytes.subarray(0, -1), Buffer.concat([bytes, bytes]), Buffer.alloc(0)])
      expect(await codeOf(openBox({ ...box, [member]: bytesOf.toString('base64url') }, relay, HEADER))).not.toBe(
        'taken',
      );
    for (const tail of ['=', ' ', '\n', 'A'])
      expect(await codeOf(openBox({ ...box, [member]: box[member] + tail }, relay, HEADER))).not.toBe('taken');
  }
});

test.each([
  ['the zero point', 0],
  ['the point one', 1],
])('%s, of small order, is no key of anybody', async (_name, first) => {
  const raw = new Uint8Array(32);
  raw[0] = first;
  const [box] = sealed.boxes;
  if (box === undefined) throw new Error('no box');
  const ephemeral = Buffer.from(raw).toString('base64url');
  expect(await codeOf(openBox({ ...box, ephemeral }, relay, HEADER))).toBe('signature-invalid');
});

test('a sealing key whose id is not its hash is refused', async () => {
  const lie = { id: other.publicKey.id, key: relay.publicKey.key };
  expect(await codeOf(sealBox('x', lie, HEADER))).toBe('bad-request');
  expect(await codeOf(sealBox('x', { ...lie, key: 'short' }, HEADER))).toBe('bad-request');
});

test('only a key of the charter seals, and only the boxes it signed', async () => {
  const stranger = await keyOfWord('stranger');
  expect(await codeOf(verifySealedCredential(sealed, of(stranger)))).toBe('signature-invalid');
  expect(await codeOf(verifySealedCredential(sealed, of()))).toBe('signature-invalid');
  const [first, second] = sealed.boxes;
  if (first === undefined || second === undefined) throw new Error('no boxes');
  const again = await sealBox('other', relay.publicKey, HEADER);
  for (const boxes of [[], [first], [second, first], [first, second, second], [again, second]])
    expect(await codeOf(verifySealedCredential({ ...sealed, boxes }, of(signer)))).toBe('signature-invalid');
});

test('a signature on another kind of document is none on a credential', async () => {
  const { signStrict } = await import('./strict-jws.ts');
  const text = canonicalJson({ ...HEADER, kind: 'credential', issuedAt: 1, boxes: [] });
  const taken = { signature: await signStrict(text, 'rmm-batch', signer), boxes: [] };
  expect(await codeOf(verifySealedCredential(taken, of(signer)))).toBe('signature-invalid');
});

test('a revocation is a signed version without a box', async () => {
  const revoked = await revokeCredential({ ...HEADER, version: 4 }, 2_000, signer);
  const { statement } = await verifySealedCredential(revoked, of(signer));
  expect([statement.version, statement.boxes]).toEqual([4, []]);
  expect(await codeOf(openCredential(revoked, statement, relay))).toBe('signature-invalid');
});

test.each<[string, object]>([
  ['no secret', { user: 'ops', binding: SECRET.binding }],
  ['no place', { ...SECRET, binding: { purpose: 'monitor', weakest: 'password' } }],
  ['a range that is none', { ...SECRET, binding: { ...SECRET.binding, ranges: ['lan'] } }],
  ['an unknown member', { ...SECRET, roster: 'all' }],
])('a credential with %s is sealed by nobody', async (_name, secret) => {
  const keys = [relay.publicKey];
  // What TypeScript already refuses is tried as a foreign program would.
  const given = { header: HEADER, secret: secret as SealedSecret, keys, issuedAt: 1 };
  await expect(sealCredential(given, signer)).rejects.toThrow();
});

test('what was sealed in another form is refused without quoting it', async () => {
  const boxes = [await sealBox('{"canary":"tiger"}', relay.publicKey, HEADER)];
  const { statement } = await verifySealedCredential(sealed, of(signer));
  const error = await openCredential({ ...sealed, boxes }, statement, relay).catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(/not its form/);
  expect(String(error)).not.toMatch(/canary|tiger/);
});
