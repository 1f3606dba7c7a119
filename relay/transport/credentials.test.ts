// Secrets are stored for their owner only, read once, and never spoken.
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSshPair } from '#test/fixtures/ssh-key-pair.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { CredentialStore } from './credentials.ts';

function setUp() {
  const folder = path.join(tempFolder(onTestFinished), 'credentials');
  return { folder, store: new CredentialStore(folder) };
}

test('a password credential comes back, in a 0600 file of a 0700 folder', () => {
  const { folder, store } = setUp();
  store.add('web', { user: 'ops', password: 'tiger' });
  expect(store.get('web')).toMatchObject({ ok: true, value: { name: 'web', user: 'ops', password: 'tiger' } });
  expect(statSync(path.join(folder, 'web.json')).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(store.list()).toEqual(['web']);
});

test('adding again replaces the secret and its version, and a running relay sees it', () => {
  const { folder, store } = setUp();
  store.add('web', { user: 'ops', password: 'tiger' });
  const before = store.get('web');
  new CredentialStore(folder).add('web', { user: 'ops', password: 'lion' });
  const after = store.get('web');
  expect(before.ok && after.ok && before.value.version !== after.value.version).toBe(true);
  expect(after).toMatchObject({ ok: true, value: { password: 'lion' } });
});

test('an unchanged credential is parsed once', () => {
  const { store } = setUp();
  store.add('web', { user: 'ops', password: 'tiger' });
  const [one, two] = [store.get('web'), store.get('web')];
  expect(one.ok && two.ok && one.value === two.value).toBe(true);
});

test('remove forgets it, and says whether there was one', () => {
  const { store } = setUp();
  store.add('web', { user: 'ops', password: 'tiger' });
  expect([store.remove('web'), store.remove('web')]).toEqual([true, false]);
  expect(store.get('web')).toMatchObject({ ok: false, reason: 'credential-missing' });
});

test.each([[0o644], [0o640], [0o604], [0o660]])('a file of mode %o is refused by name and mode', (mode) => {
  const { folder, store } = setUp();
  store.add('web', { user: 'ops', password: 'tiger' });
  chmodSync(path.join(folder, 'web.json'), mode);
  const got = store.get('web');
  expect(got).toMatchObject({ ok: false, reason: 'credential-missing' });
  expect(got.ok ? '' : got.detail).toContain(`web.json: mode 0${mode.toString(8)}`);
});

test.each([
  ['not JSON', '{"user":"ops","password":"canary-secret"'],
  ['an unknown member', '{"user":"ops","pasword":"canary-secret"}'],
  ['no secret', '{"user":"ops"}'],
  ['a broken key', '{"user":"ops","privateKey":"canary-secret"}'],
  ['a passphrase', '{"user":"ops","privateKey":"canary-secret","passphrase":"canary-secret"}'],
])('a file with %s is refused without quoting it', (_case, text) => {
  const { folder, store } = setUp();
  store.add('web', { user: 'ops', password: 'tiger' });
  writeFileSync(path.join(folder, 'web.json'), text);
  const got = store.get('web');
  expect(got).toMatchObject({ ok: false, reason: 'credential-missing' });
  expect(JSON.stringify(got)).not.toContain('canary');
});

test.each(['../web', 'Web', '', 'a/b', '.hidden'])('%j is no credential name', (name) => {
  const { store } = setUp();
  expect(store.get(name)).toMatchObject({ ok: false, reason: 'credential-missing' });
  expect(() => store.add(name, { user: 'ops', password: 'x' })).toThrow();
});

test.each([
  ['ed25519' as const, ''],
  ['ed25519' as const, 'open sesame'],
  ['ecdsa' as const, ''],
  ['ecdsa' as const, 'open sesame'],
  ['rsa' as const, 'open sesame'],
])('an OpenSSH %s key with passphrase "%s" is opened once and kept without it', (type, passphrase) => {
  const { folder, store } = setUp();
  const pair = openSshPair(type, passphrase);
  store.add('web', { user: 'ops', privateKey: pair.private, ...(passphrase === '' ? {} : { passphrase }) });
  expect(readFileSync(path.join(folder, 'web.json'), 'utf8')).not.toContain('sesame');
  const got = store.get('web');
  if (!got.ok) throw new Error(got.detail);
  expect(got.value.key?.getPublicSSH().toString('base64')).toBe(pair.public.split(' ')[1]);
});

test('a PEM key of the older kind, encrypted, is opened too', () => {
  const { store } = setUp();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const text = privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'sesame' });
  store.add('web', { user: 'ops', privateKey: String(text), passphrase: 'sesame' });
  expect(store.get('web').ok).toBe(true);
});

test.each([['ed25519' as const], ['rsa' as const], ['ec' as const]])(
  'a PKCS#8 %s key is taken, encrypted or not',
  (type) => {
    const { store } = setUp();
    const { privateKey } =
      type === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : type === 'ec'
          ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
          : generateKeyPairSync('ed25519');
    store.add('plain', { user: 'ops', privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) });
    const encrypted = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'sesame' });
    store.add('locked', { user: 'ops', privateKey: String(encrypted), passphrase: 'sesame' });
    const [plain, locked] = [store.get('plain'), store.get('locked')];
    if (!plain.ok || !locked.ok) throw new Error('not read');
    expect(locked.value.key?.getPublicSSH()).toEqual(plain.value.key?.getPublicSSH());
    const signature = plain.value.key?.sign(Buffer.from('message'));
    expect(signature).toBeInstanceOf(Buffer);
  },
);

test('a wrong passphrase is refused without a word of the key', () => {
  const { store } = setUp();
  const privateKey = openSshPair('ed25519', 'sesame').private;
  expect(() => store.add('web', { user: 'ops', privateKey, passphrase: 'canary' })).toThrow(
    /wrong or missing passphrase/,
  );
  expect(() => store.add('web', { user: 'ops', privateKey })).toThrow(/wrong or missing passphrase/);
  expect(store.list()).toEqual([]);
});
