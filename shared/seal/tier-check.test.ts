// Proves who is enough for each tier of each profile: distinct people, rendered signatures, roles, keys that sign twice.
import { beforeAll, expect, test } from 'vitest';
import { TIERS, type Tier } from '#shared/model/action-tier.ts';
import type { Charter, Signer } from '#shared/model/charter.ts';
import type { Signature, SignedManifest } from '#shared/model/manifest.ts';
import { keyOfWord, sampleCharter, sampleManifest, sampleSigner } from '#test/fixtures/sample-trust.ts';
import { assertWith, passkeyOfWord, passkeySigner, type VirtualPasskey } from '#test/fixtures/virtual-passkey.ts';
import type { SigningKey } from './key-pair.ts';
import {
  countersigned,
  draftBatch,
  sealBatch,
  signStatement,
  statementFor,
  verifySignedManifest,
} from './manifest-seal.ts';
import { PROFILE_TIERS, tierRule } from './profile-tiers.ts';
import { checkSigners } from './tier-check.ts';

let keys: Record<'ann' | 'annToo' | 'bob' | 'eve', SigningKey>;
let tap: Record<'ann' | 'bob', VirtualPasskey>;
let charter: Charter;
let by: Record<'ann' | 'annToo' | 'bob' | 'appr' | 'guard' | 'annTap' | 'bobTap', Signer>;

beforeAll(async () => {
  const [ann, annToo, bob, eve] = await Promise.all(['ann', 'annToo', 'bob', 'eve'].map(keyOfWord));
  if (ann === undefined || annToo === undefined || bob === undefined || eve === undefined) throw new Error('no keys');
  keys = { ann, annToo, bob, eve };
  tap = { ann: await passkeyOfWord('ann'), bob: await passkeyOfWord('bob') };
  by = {
    ann: { ...sampleSigner(ann, 'ann cli'), person: 'ann' },
    annToo: { ...sampleSigner(annToo, 'ann laptop'), person: 'ann' },
    bob: sampleSigner(bob, 'bob'),
    appr: { ...sampleSigner(bob, 'bob'), role: 'approver' },
    guard: { ...sampleSigner(eve, 'guard'), role: 'guardian' },
    annTap: passkeySigner(tap.ann, 'ann phone', { person: 'ann' }),
    bobTap: passkeySigner(tap.bob, 'bob'),
  };
  const signers = [by.ann, by.annToo, by.bob, by.guard, by.annTap];
  charter = { ...sampleCharter([ann], []), profile: 'team', signers };
});

const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'enough';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

test.each<[Charter['profile'], Tier, Array<keyof typeof by>, string]>([
  ['solo', 't1', ['annTap'], 'enough'],
  ['solo', 't3', ['ann'], 'enough'],
  ['solo', 't3', ['annTap'], 'signature-missing'],
  ['team', 't1', ['annTap'], 'enough'],
  ['team', 't2', ['annTap'], 'enough'],
  ['team', 't3', ['ann'], 'signature-missing'],
  ['team', 't3', ['ann', 'annToo'], 'signature-missing'],
  ['team', 't3', ['ann', 'annTap'], 'signature-missing'],
  ['team', 't3', ['annTap', 'bobTap'], 'signature-missing'],
  ['team', 't3', ['ann', 'bobTap'], 'enough'],
  ['team', 't3', ['annTap', 'bob'], 'enough'],
  ['team', 't3', ['annTap', 'appr'], 'enough'],
  ['team', 't1', ['appr'], 'signature-missing'],
  ['team', 't1', ['guard'], 'denied'],
  ['team', 't3', ['ann', 'bob', 'guard'], 'denied'],
  ['strict', 't2', ['annTap', 'bobTap'], 'signature-missing'],
  ['strict', 't3', ['ann', 'bobTap'], 'signature-missing'],
  ['strict', 't3', ['ann', 'annToo', 'bobTap'], 'signature-missing'],
  ['strict', 't3', ['ann', 'bob'], 'enough'],
])('%s %s signed by %j: %s', (profile, tier, names, code) => {
  const rule = tierRule({ ...charter, profile }, tier);
  expect(
    codeOf(() =>
      checkSigners(
        'order',
        rule,
        names.map((name) => by[name]),
      ),
    ),
  ).toBe(code);
});

test("the smaller of a tier's numbers and the charter's caps holds, and owners change single members", () => {
  const caps = { ...charter.caps, devicesPerManifest: 40, devicesPerTenMinutes: 30 };
  const rule = tierRule({ profile: 'team', caps }, 't2');
  expect(rule).toMatchObject({ devicesPerBatch: 40, devicesPerTenMinutes: 30, people: 1 });
  const changed = tierRule({ profile: 'team', caps, tiers: { t2: { devicesPerBatch: 7 } } }, 't2');
  expect(changed).toEqual({ ...rule, devicesPerBatch: 7 });
});

test('no profile asks for fewer people or fewer rendered signatures in a higher tier', () => {
  for (const rules of Object.values(PROFILE_TIERS))
    for (const [lower, higher] of [TIERS.slice(0, 2), TIERS.slice(1)]) {
      if (lower === undefined || higher === undefined) throw new Error('no tiers');
      expect(rules[higher].people).toBeGreaterThanOrEqual(rules[lower].people);
      expect(rules[higher].rendered).toBeGreaterThanOrEqual(rules[lower].rendered);
    }
});

async function order(): Promise<{
  statement: string;
  seal: (first: Signature, ...more: Signature[]) => SignedManifest;
}> {
  const { statement, parts } = await draftBatch([sampleManifest()]);
  const seal = (...signatures: [Signature, ...Signature[]]) => {
    const [signed] = sealBatch(parts, signatures);
    if (signed === undefined) throw new Error('nothing was sealed');
    return signed;
  };
  return { statement, seal };
}

const proof = (signed: SignedManifest) =>
  verifySignedManifest(signed, charter).then(
    ({ signers }) => signers.map(({ name }) => name).join(', '),
    (error: { code?: string }) => error.code,
  );

test('several signatures on one statement are all proven, a passkey beside a command line', async () => {
  const { statement, seal } = await order();
  const first = seal(await signStatement(statement, keys.bob));
  expect(await statementFor(first)).toBe(statement);
  expect(await proof(countersigned(first, await assertWith(tap.ann, statement)))).toBe('bob, ann phone');
});

test('a key that signs twice, a stranger beside a signer, or a signature on something else spoils the order', async () => {
  const { statement, seal } = await order();
  const bob = await signStatement(statement, keys.bob);
  expect(await proof(seal(bob, bob))).toBe('signature-invalid');
  const stranger = await keyOfWord('stranger');
  expect(await proof(seal(bob, await signStatement(statement, stranger)))).toBe('signature-invalid');
  expect(await proof(seal(bob, await assertWith(tap.bob, statement)))).toBe('signature-invalid');
  const total = statement.replace('"total":1', '"total":9');
  expect(await proof(seal(await signStatement(total, keys.bob)))).toBe('signature-invalid');
  expect(await proof(seal(await assertWith(tap.ann, total)))).toBe('signature-invalid');
});
