// Proves who may sign a sealed credential and with what: a passkey as well as a command line's key, and what a page is told of the box.
import { beforeAll, expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import { RelayId } from '#shared/base/id.ts';
import type { Signer } from '#shared/model/charter.ts';
import { type BoxHeader, SealedCredential, type SealedSecret } from '#shared/model/credential.ts';
import { keyOfWord, SAMPLE_RELAY, SAMPLE_SITE, sampleSigner } from '#test/fixtures/sample-trust.ts';
import { type AssertionFaults, assertWith, passkeyOfWord, passkeySigner } from '#test/fixtures/virtual-passkey.ts';
import { canonicalJson } from './canonical.ts';
import {
  type CredentialDraft,
  credentialByPasskey,
  draftCredential,
  draftPromotion,
  draftRevocation,
  openCredential,
  signCredential,
  statementOf,
  verifySealedCredential,
} from './credential-seal.ts';
import { generateOpeningKey, type OpeningKey } from './vault-box.ts';

const HEADER: BoxHeader = { v: 1, site: SAMPLE_SITE, relay: SAMPLE_RELAY, name: 'lan', version: 3, slot: 'current' };
const SECRET: SealedSecret = {
  user: 'ops',
  password: 'canary-tiger',
  binding: { purpose: 'monitor', ranges: ['10.0.0.0/8'], weakest: 'password', notAfter: 2_000 },
};

const passkey = await passkeyOfWord('technician');
const of = (...signers: Signer[]) => ({ version: 1, signers });
const technician = passkeySigner(passkey, 'Ada');

let relay: OpeningKey;
let draft: CredentialDraft;

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'taken',
    (error: unknown) => (error instanceof AppError ? error.code : `${error}`),
  );

const sealedBy = async (faults: AssertionFaults = {}, text = draft.text) =>
  credentialByPasskey(draft, await assertWith(passkey, text, faults));

beforeAll(async () => {
  relay = (await generateOpeningKey()).key;
  draft = await draftCredential({ header: HEADER, secret: SECRET, keys: [relay.publicKey], issuedAt: 1_000 });
});

test('a login that a passkey sealed opens for its relay, and says who signed it', async () => {
  const sealed = SealedCredential.parse(JSON.parse(JSON.stringify(await sealedBy())));
  const { statement, signer } = await verifySealedCredential(sealed, of(technician));
  expect(signer.name).toBe('Ada');
  expect(statementOf(sealed)).toEqual(statement);
  expect(await openCredential(sealed, statement, relay)).toEqual(SECRET);
  expect(JSON.stringify(sealed)).not.toMatch(/canary|tiger/);
});

test.each<[string, AssertionFaults]>([
  ['its user was not verified', { flags: 0x01 }],
  ['nobody was present', { flags: 0x04 }],
  ['it was signed on another page', { client: { origin: 'https://evil.example' } }],
  ['it was signed in a frame of another page', { client: { crossOrigin: true } }],
  ['it was signed for another relying party', { rpId: 'evil.example' }],
])('a passkey seals nothing when %s', async (_why, faults) => {
  expect(await codeOf(verifySealedCredential(await sealedBy(faults), of(technician)))).toBe('signature-invalid');
});

test('a passkey of nobody, of a guardian or of an approver seals nothing, and one on something else does not either', async () => {
  const sealed = await sealedBy();
  for (const role of ['guardian', 'approver'] as const)
    expect(await codeOf(verifySealedCredential(sealed, of({ ...technician, role })))).toBe('signature-invalid');
  expect(await codeOf(verifySealedCredential(sealed, of()))).toBe('signature-invalid');
  const moved = canonicalJson({ ...JSON.parse(draft.text), version: 4 });
  expect(await codeOf(verifySealedCredential(await sealedBy({}, moved), of(technician)))).toBe('signature-invalid');
  expect(await codeOf(verifySealedCredential({ ...sealed, statement: moved }, of(technician)))).toBe(
    'signature-invalid',
  );
  expect(await codeOf(verifySealedCredential({ ...sealed, boxes: [] }, of(technician)))).toBe('signature-invalid');
});

test('a statement stands beside a passkey and nowhere else', async () => {
  const key = await keyOfWord('technician');
  const byKey = await signCredential(draft, key);
  const { statement: _none, ...bare } = await sealedBy();
  expect(SealedCredential.safeParse(byKey).success).toBe(true);
  expect(SealedCredential.safeParse({ ...byKey, statement: draft.text }).success).toBe(false);
  expect(SealedCredential.safeParse(bare).success).toBe(false);
  expect((await verifySealedCredential(byKey, of(technician, sampleSigner(key)))).signer.name).toBe('cli');
});

test('what pages are told is in the signature: without the user unless it was said to be public, and never a secret', async () => {
  const { shown } = statementOf(await sealedBy());
  expect(shown).toEqual({ purpose: 'monitor', weakest: 'password', holds: ['password'], ranges: ['10.0.0.0/8'] });
  const open = await draftCredential({
    header: HEADER,
    secret: SECRET,
    keys: [relay.publicKey],
    issuedAt: 1,
    isUserShown: true,
  });
  expect(JSON.parse(open.text)).toMatchObject({ shown: { user: 'ops' } });
});

test('a relay opens no box that holds something else than was said', async () => {
  const key = await keyOfWord('technician');
  const said = JSON.parse(draft.text);
  const lie = canonicalJson({ ...said, shown: { ...said.shown, purpose: 'act' } });
  const sealed = await signCredential({ ...draft, text: lie }, key);
  const { statement } = await verifySealedCredential(sealed, of(sampleSigner(key)));
  expect(await codeOf(openCredential(sealed, statement, relay))).toBe('signature-invalid');
});

const PROMOTION = { place: HEADER, sealers: of(technician), version: 4, issuedAt: 5 };

test('what waits in the next slot becomes the current one without its secret being at hand', async () => {
  const header = { ...HEADER, slot: 'next' as const, version: 7 };
  const next = await draftCredential({ header, secret: SECRET, keys: [relay.publicKey], issuedAt: 1 });
  const waiting = credentialByPasskey(next, await assertWith(passkey, next.text));
  const promotion = await draftPromotion(waiting, PROMOTION);
  const promoted = credentialByPasskey(promotion, await assertWith(passkey, promotion.text));
  const { statement } = await verifySealedCredential(promoted, of(technician));
  expect(statement).toMatchObject({ slot: 'current', version: 4, promotes: 7, shown: { purpose: 'monitor' } });
  expect(await openCredential(promoted, statement, relay)).toEqual(SECRET);
  expect(await codeOf(openCredential(promoted, { ...statement, promotes: 8 }, relay))).toBe('signature-invalid');
});

test('nothing is promoted that is current, or revoked', async () => {
  const sealed = await sealedBy();
  await expect(draftPromotion(sealed, PROMOTION)).rejects.toMatchObject({ code: 'bad-request' });
  const gone = await draftRevocation({ ...HEADER, slot: 'next' }, 5);
  const revoked = credentialByPasskey(gone, await assertWith(passkey, gone.text));
  await expect(draftPromotion(revoked, PROMOTION)).rejects.toMatchObject({ code: 'bad-request' });
});

test('a console that shows boxes of its own, or what waits for another login or relay, gets no promotion signed', async () => {
  const header = { ...HEADER, slot: 'next' as const, version: 7 };
  const next = await draftCredential({ header, secret: SECRET, keys: [relay.publicKey], issuedAt: 1 });
  const forged = await signCredential(next, await keyOfWord('thief'));
  await expect(draftPromotion(forged, PROMOTION)).rejects.toMatchObject({ code: 'signature-invalid' });
  const good = credentialByPasskey(next, await assertWith(passkey, next.text));
  const swapped = { ...good, boxes: (await draftCredential({ ...toSealNext(header), issuedAt: 1 })).boxes };
  await expect(draftPromotion(swapped, PROMOTION)).rejects.toMatchObject({ code: 'signature-invalid' });
  for (const place of [
    { ...HEADER, name: 'wan' },
    { ...HEADER, relay: RelayId.parse('0190a000-0000-7000-8002-000000000002') },
  ])
    await expect(draftPromotion(good, { ...PROMOTION, place })).rejects.toMatchObject({ code: 'manifest-retargeted' });
});

const toSealNext = (header: BoxHeader) => ({ header, secret: SECRET, keys: [relay.publicKey] });
