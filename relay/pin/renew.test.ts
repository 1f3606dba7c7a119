// Proves when a certificate is renewed over the link, and which answers are no renewal.
import { statSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { verifyLinkRenewal } from '#console/trust/enrolment-proof.ts';
import { RelayId, type SiteId } from '#shared/base/id.ts';
import { type Authority, createAuthority, issueRelayCertificate, loadAuthority } from '#shared/crypto/certificate.ts';
import { newRelayKey, spkiKeyId, spkiOf } from '#shared/crypto/identity-key.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { keyOfWord, SAMPLE_RELAY, SAMPLE_SITE, SAMPLE_TIME } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { IdentityStore, linkUrl } from './identity.ts';
import { renewIfDue } from './renew.ts';

const DAY = 86_400_000;
let authority: Authority;
let rogue: Authority;
beforeAll(async () => {
  authority = await loadAuthority(await createAuthority(SAMPLE_TIME));
  rogue = await loadAuthority(await createAuthority(SAMPLE_TIME));
});

async function enrolled() {
  const data = tempFolder(onTestFinished);
  const store = new IdentityStore(data);
  const spki = spkiOf(store.privateKey);
  const issue = (now: number, change: { by?: Authority; relay?: RelayId; site?: SiteId; spki?: Buffer } = {}) =>
    issueRelayCertificate(change.by ?? authority, { relay: SAMPLE_RELAY, site: SAMPLE_SITE, spki, now, ...change });
  store.saveEnrolment({
    relay: SAMPLE_RELAY,
    site: SAMPLE_SITE,
    kind: 'site',
    certificate: await issue(SAMPLE_TIME),
    authority: authority.certificatePem,
    owner: (await keyOfWord('owner')).publicKey,
    consoleUrl: 'https://[::1]:8443',
    linkPort: 8444,
  });
  const clock = new FakeClock(SAMPLE_TIME);
  return { data, store, issue, clock, signal: new AbortController().signal, spki };
}

test('a certificate is renewed over the link in the last third of its life, and kept', async () => {
  const { data, store, issue, clock, signal, spki } = await enrolled();
  const asked: number[] = [];
  const askOverLink = async (request: { spki: Uint8Array; proof: Uint8Array }) => {
    verifyLinkRenewal({ relay: SAMPLE_RELAY, keyId: spkiKeyId(spki), ...request });
    asked.push(clock.now());
    return issue(clock.now());
  };
  expect(await renewIfDue({ store, clock, askOverLink, signal })).toBe('not-due');
  await clock.advance(9 * DAY);
  expect(await renewIfDue({ store, clock, askOverLink, signal })).toBe('not-due');
  await clock.advance(DAY);
  expect(await renewIfDue({ store, clock, signal })).toBe('no-way');
  expect(await renewIfDue({ store, clock, askOverLink, signal })).toBe('renewed');
  expect(await renewIfDue({ store, clock, askOverLink, signal })).toBe('not-due');
  expect(asked).toEqual([SAMPLE_TIME + 10 * DAY]);
  expect(new IdentityStore(data).certificate?.expiresAt).toBe(SAMPLE_TIME + 24 * DAY);
});

test('an answer that is no renewal of this certificate is refused, and the old one stays', async () => {
  const { store, issue, clock, signal } = await enrolled();
  await clock.advance(10 * DAY);
  const answers = [
    issue(clock.now(), { by: rogue }),
    issue(clock.now(), { relay: RelayId.parse('0190a000-0000-7000-8002-000000000099') }),
    issue(clock.now(), { spki: spkiOf(newRelayKey()) }),
    issue(SAMPLE_TIME - DAY),
    Promise.resolve('no certificate'),
  ];
  const before = store.enrolment;
  for (const answer of answers) {
    const renewal = renewIfDue({ store, clock, askOverLink: () => answer, signal });
    await expect(renewal).rejects.toMatchObject({ code: 'certificate-unknown' });
  }
  expect(store.enrolment).toEqual(before);
});

test('the identity is one private file, found again, and knows the way to the link', async () => {
  const { data, store } = await enrolled();
  const again = new IdentityStore(data);
  expect(again.enrolment).toEqual(store.enrolment);
  expect(again.privateKey).toBe(store.privateKey);
  expect(statSync(path.join(data, 'identity', 'identity.json')).mode & 0o777).toBe(0o600);
  const { enrolment } = again;
  expect(enrolment && linkUrl(enrolment)).toBe('wss://[::1]:8444/');
});
