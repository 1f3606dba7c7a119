// Keys made from bytes are keys to other programs too.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import ssh2 from 'ssh2';
import { expect, onTestFinished, test } from 'vitest';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { ed25519Key } from './ed25519-key.ts';

const seed = (n: number) => seededBytes(n)(new Uint8Array(32));

test('ssh2 reads the private key and sees the same public key', () => {
  const key = ed25519Key(seed(1));
  const parsed = ssh2.utils.parseKey(key.privateKey);
  if (parsed instanceof Error) throw parsed;
  expect(parsed.type).toBe('ssh-ed25519');
  expect(parsed.getPublicSSH().equals(key.publicBlob)).toBe(true);
  const signature = parsed.sign(Buffer.from('text'));
  expect(parsed.verify(Buffer.from('text'), signature)).toBe(true);
});

test('ssh-keygen derives the same public key and fingerprint', () => {
  const key = ed25519Key(seed(2));
  const file = path.join(tempFolder(onTestFinished), 'key');
  writeFileSync(file, key.privateKey, { mode: 0o600 });
  expect(execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' }).trim()).toBe(key.publicLine);
  expect(execFileSync('ssh-keygen', ['-l', '-f', file], { encoding: 'utf8' })).toContain(key.fingerprint);
});

test('the same bytes give the same key, other bytes another', () => {
  expect(ed25519Key(seed(3))).toEqual(ed25519Key(seed(3)));
  expect(ed25519Key(seed(3)).fingerprint).not.toBe(ed25519Key(seed(4)).fingerprint);
});
