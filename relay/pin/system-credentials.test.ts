// Keys that the service manager hands over stand in for the files; without them nothing is made anew in their place.
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newRelayKey } from '#shared/crypto/identity-key.ts';
import { keyOfWord, SAMPLE_RELAY, SAMPLE_SITE } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { type Enrolment, IdentityStore } from './identity.ts';
import { moveKeys } from './move-keys.ts';
import { openSealingKey } from './sealing-key.ts';
import { IDENTITY_CREDENTIAL, readSystemCredential } from './system-credentials.ts';

const enrolment = async (): Promise<Enrolment> => ({
  relay: SAMPLE_RELAY,
  site: SAMPLE_SITE,
  kind: 'site',
  certificate: 'certificate',
  authority: 'authority',
  owner: (await keyOfWord('owner')).publicKey,
  consoleUrl: 'https://console.example',
  linkPort: 8444,
});

/** A relay whose keys were moved into a folder as systemd would hand them over. */
async function moved() {
  const data = tempFolder(onTestFinished);
  const store = new IdentityStore(data, {});
  store.saveEnrolment(await enrolment());
  const before = { identity: store.privateKey, sealing: (await openSealingKey(data, {})).publicKey.id };
  // A power cut came between the writing of the file and its place.
  const identity = path.join(data, 'identity', 'identity.json');
  copyFileSync(identity, `${identity}.0190a000-0000-7000-8000-000000000001.tmp`);
  const folder = path.join(tempFolder(onTestFinished), 'keys');
  const files = await moveKeys(data, folder);
  return { data, folder, files, before, environment: { CREDENTIALS_DIRECTORY: folder } };
}

test('after the move no file of the data folder holds a private key, and the handed-over ones are the same', async () => {
  const { data, before, environment, files } = await moved();
  expect(new IdentityStore(data, environment).privateKey).toBe(before.identity);
  expect((await openSealingKey(data, environment)).publicKey.id).toBe(before.sealing);
  const names = readdirSync(path.join(data, 'identity'));
  expect(names).toEqual(expect.arrayContaining(['identity.json', 'sealing.jwk']));
  for (const name of names)
    expect(readFileSync(path.join(data, 'identity', name), 'utf8')).not.toMatch(/PRIVATE KEY|"d"/);
  expect(files.map((file) => path.basename(file))).toEqual(['rmm-relay-identity', 'rmm-relay-sealing']);
});

test('without the hand-over nothing is made anew: both keys are named as missing', async () => {
  const { data } = await moved();
  const store = new IdentityStore(data, {});
  expect(store.enrolment?.relay).toBe(SAMPLE_RELAY);
  expect(() => store.privateKey).toThrow(/system credential rmm-relay-identity/);
  await expect(openSealingKey(data, {})).rejects.toThrow(/system credential rmm-relay-sealing/);
});

test('a renewed certificate leaves the key where it is; a new key is in the file again', async () => {
  const { data, environment } = await moved();
  const store = new IdentityStore(data, environment);
  store.saveEnrolment({ ...(await enrolment()), certificate: 'renewed' });
  const text = () => readFileSync(path.join(data, 'identity', 'identity.json'), 'utf8');
  expect(JSON.parse(text())).toMatchObject({ privateKey: null, enrolment: { certificate: 'renewed' } });
  const anew = newRelayKey();
  store.saveEnrolment(await enrolment(), anew);
  expect(new IdentityStore(data, environment).privateKey).toBe(anew);
});

test('keys are moved once, and never over files that are there', async () => {
  const { data, folder } = await moved();
  await expect(moveKeys(data, folder)).rejects.toThrow();
  const other = tempFolder(onTestFinished);
  new IdentityStore(other, {}).saveEnrolment(await enrolment());
  await expect(moveKeys(other, folder)).rejects.toMatchObject({ code: 'conflict' });
  expect(new IdentityStore(other, {}).privateKey).toContain('PRIVATE KEY');
});

test.each<[string, number, string]>([
  ['a file that everybody may read', 0o644, 'x'],
  ['a file longer than any key', 0o600, 'x'.repeat(20_000)],
])('%s is refused', (_what, mode, text) => {
  const folder = tempFolder(onTestFinished);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, IDENTITY_CREDENTIAL);
  writeFileSync(file, text);
  chmodSync(file, mode);
  expect(() => readSystemCredential(IDENTITY_CREDENTIAL, { CREDENTIALS_DIRECTORY: folder })).toThrow(file);
});

test('no folder, or none of that name in it, is no credential; a relative folder is refused', () => {
  expect(readSystemCredential(IDENTITY_CREDENTIAL, {})).toBeUndefined();
  const folder = tempFolder(onTestFinished);
  expect(readSystemCredential(IDENTITY_CREDENTIAL, { CREDENTIALS_DIRECTORY: folder })).toBeUndefined();
  expect(() => readSystemCredential(IDENTITY_CREDENTIAL, { CREDENTIALS_DIRECTORY: 'keys' })).toThrow(/absolute/);
});
