// Proves that a charter changes only by enough of the owners pinned before, and only forwards.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { SiteId } from '#shared/base/id.ts';
import { type Charter, SignedCharter } from '#shared/model/charter.ts';
import { keyOfWord, sampleCharter } from '#test/fixtures/sample-trust.ts';
import { type CharterTrust, signCharter, trustOf, verifyCharter } from './charter-seal.ts';
import type { SigningKey } from './key-pair.ts';

let a: SigningKey;
let b: SigningKey;
let c: SigningKey;
let cli: SigningKey;
beforeAll(async () => {
  [a, b, c, cli] = await Promise.all([keyOfWord('a'), keyOfWord('b'), keyOfWord('c'), keyOfWord('cli')]);
});

const codeOf = (signed: SignedCharter, trust: CharterTrust) =>
  verifyCharter(signed, trust).then(
    () => 'accepted',
    (error: { code?: string }) => error.code,
  );

test('the golden vector verifies, and signing it again gives the same bytes', async () => {
  const file = path.join(import.meta.dirname, 'vectors', 'charter.json');
  const golden = SignedCharter.parse(JSON.parse(readFileSync(file, 'utf8')));
  const charter = sampleCharter([a, b], [cli], { profile: 'team', quorum: 2 });
  expect(await signCharter(charter, [a, b])).toEqual(golden);
  expect(await verifyCharter(golden, { pinnedOwners: [a.publicKey], quorum: 1 })).toEqual(charter);
});

test('first contact takes a charter of the pinned owner and of nobody else', async () => {
  const signed = await signCharter(sampleCharter([a], [cli]), [a]);
  expect(await codeOf(signed, { pinnedOwners: [a.publicKey], quorum: 1 })).toBe('accepted');
  expect(await codeOf(signed, { pinnedOwners: [b.publicKey], quorum: 1 })).toBe('signature-invalid');
  expect(await codeOf(signed, { pinnedOwners: [], quorum: 0 })).toBe('signature-invalid');
});

test('the next charter needs the quorum of the former owners, each counted once', async () => {
  const trust = trustOf(sampleCharter([a, b, c], [], { quorum: 2 }));
  const next = sampleCharter([a], [cli], { version: 2 });
  expect(await codeOf(await signCharter(next, [a]), trust)).toBe('signature-invalid');
  expect(await codeOf(await signCharter(next, [a, a]), trust)).toBe('signature-invalid');
  expect(await codeOf(await signCharter(next, [a, cli]), trust)).toBe('signature-invalid');
  expect(await codeOf(await signCharter(next, [c, a]), trust)).toBe('accepted');
  expect(await codeOf(await signCharter(next, [cli, b, a]), trust)).toBe('accepted');
});

test('a charter that names its own owners cannot appoint them', async () => {
  const takeover = sampleCharter([cli], [cli], { version: 2 });
  expect(await codeOf(await signCharter(takeover, [cli]), trustOf(sampleCharter([a], [])))).toBe('signature-invalid');
});

test.each<[string, Partial<Charter>, string]>([
  ['the same version', { version: 4 }, 'charter-rollback'],
  ['an older version', { version: 3 }, 'charter-rollback'],
  ['a much newer version', { version: 40 }, 'accepted'],
  ['another site', { version: 5, site: SiteId.parse('0190a000-0000-7000-8001-000000000099') }, 'charter-invalid'],
])('%s', async (_name, change, code) => {
  const current = sampleCharter([a], [], { version: 4 });
  expect(await codeOf(await signCharter({ ...current, ...change }, [a]), trustOf(current))).toBe(code);
});

test('an edited charter, or a signature moved to another one, is refused', async () => {
  const trust: CharterTrust = { pinnedOwners: [a.publicKey], quorum: 1 };
  const one = await signCharter(sampleCharter([a], [cli]), [a]);
  const two = await signCharter(sampleCharter([a], [cli], { version: 2 }), [a]);
  const raised = one.charter.replace('"devicesPerManifest":25', '"devicesPerManifest":9999');
  expect(raised).not.toBe(one.charter);
  expect(await codeOf({ ...one, charter: raised }, trust)).toBe('signature-invalid');
  expect(await codeOf({ ...one, signatures: two.signatures }, trust)).toBe('signature-invalid');
  expect(await codeOf({ ...one, charter: `${one.charter} ` }, trust)).toBe('signature-invalid');
  const attached = one.signatures.map((jws) => jws.replace('..', '.e30.'));
  expect(await codeOf({ ...one, signatures: attached }, trust)).toBe('signature-invalid');
});

test('an unsound charter is never signed', async () => {
  const faults: Array<Partial<Charter>> = [
    { quorum: 2 },
    { owners: [a.publicKey, a.publicKey] },
    { owners: [{ id: b.publicKey.id, key: a.publicKey.key }] },
    { expiresAt: 0 },
  ];
  for (const fault of faults) {
    await expect(signCharter({ ...sampleCharter([a], [cli]), ...fault }, [a])).rejects.toMatchObject({
      code: 'charter-invalid',
    });
  }
});
