// Proves that private files are private, whole, and never overwritten by mistake.
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPrivateFile, readPrivateFile, writePrivateFile } from './private-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'rmm-private-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file is 0600 in a 0700 folder, and nothing else is left there', () => {
  const file = path.join(folder, 'keys', 'a.key');
  writePrivateFile(file, 'one');
  writePrivateFile(file, 'two');
  expect(readPrivateFile(file)).toBe('two');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  expect(readdirSync(path.dirname(file))).toEqual(['a.key']);
});

test('a file that is not there is undefined', () => {
  expect(readPrivateFile(path.join(folder, 'none'))).toBeUndefined();
});

test('a key that others may read is refused by name', () => {
  const file = path.join(folder, 'a.key');
  writeFileSync(file, 'secret');
  chmodSync(file, 0o640);
  expect(() => readPrivateFile(file)).toThrow(/a\.key: others may read it \(mode 640\)/);
});

test('creating refuses a name that is taken and leaves what is there', () => {
  const file = path.join(folder, 'a.key');
  createPrivateFile(file, 'one');
  expect(() => createPrivateFile(file, 'two')).toThrow(expect.objectContaining({ code: 'conflict' }));
  expect(readPrivateFile(file)).toBe('one');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['a.key']);
});

test.each([
  ['written', writePrivateFile],
  ['created', createPrivateFile],
] as const)('a file that could not be %s leaves no part of its secret behind', (_what, write) => {
  const file = path.join(folder, 'keys', 'a.key');
  // Opened, and then nothing can be written: as on a full disk.
  expect(() => write(file, undefined as never)).toThrow();
  expect(readdirSync(path.dirname(file))).toEqual([]);
});
