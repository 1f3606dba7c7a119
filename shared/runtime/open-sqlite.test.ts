// Proves the durable settings of every SQLite file and the version floor.
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isVersionFit, openSqlite } from './open-sqlite.ts';

test.each([
  ['3.53.2', true],
  ['3.51.3', true],
  ['3.51.2', false],
  ['3.50.9', false],
  ['4.0.0', true],
])('version %s is fit: %s', (version, isFit) => {
  expect(isVersionFit(version)).toBe(isFit);
});

test('a file is opened with WAL and synchronous FULL', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rmm-sqlite-'));
  const db = openSqlite(path.join(folder, 'a.db'), { maxBytes: 1024 * 1024 });
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(db.pragma('synchronous', { simple: true })).toBe(2);
  expect(db.pragma('max_page_count', { simple: true })).toBe(256);
  db.close();
  rmSync(folder, { recursive: true });
});

test('no file of a database is readable by others, in an open folder and after somebody opened it up', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rmm-sqlite-'));
  chmodSync(folder, 0o755);
  const file = path.join(folder, 'a.db');
  const modes = () => readdirSync(folder).map((name) => (statSync(path.join(folder, name)).mode & 0o777).toString(8));
  const db = openSqlite(file);
  db.exec('create table t (a)');
  expect(modes()).toEqual(['600', '600', '600']);
  db.close();
  chmodSync(file, 0o644);
  openSqlite(file).close();
  expect(modes()).toEqual(['600']);
  rmSync(folder, { recursive: true });
});
