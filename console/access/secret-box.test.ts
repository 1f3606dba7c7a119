// Proves that what is sealed opens with its own key, for its own person, from a file that nobody else may read.
import { chmodSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { openSecretBox } from './secret-box.ts';

test('it opens after a restart, for its own person alone, and with no other key', () => {
  const [data, other] = [tempFolder(onTestFinished, 'rmm-box'), tempFolder(onTestFinished, 'rmm-box')];
  const sealed = openSecretBox(data).seal(Buffer.from('secret'), 'p1');
  expect(openSecretBox(data).open(sealed, 'p1').toString()).toBe('secret');
  expect(() => openSecretBox(data).open(sealed, 'p2')).toThrow('does not open');
  expect(() => openSecretBox(other).open(sealed, 'p1')).toThrow('does not open');
  expect(() => openSecretBox(data).open(sealed.slice(0, 10), 'p1')).toThrow('does not open');
});

test('its key is a file of mode 0600; one that others may read is refused by name', () => {
  const data = tempFolder(onTestFinished, 'rmm-box');
  openSecretBox(data);
  const file = path.join(data, 'sign-in', 'totp.key');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  chmodSync(file, 0o644);
  expect(() => openSecretBox(data)).toThrow(file);
});
