// Proves backups: whole, one state, linked, found out when changed, and back as another life of the database.
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '#console/store/database.ts';
import { openSqlite } from '#shared/runtime/open-sqlite.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { MANIFEST_FILE, readManifest } from './backup-manifest.ts';
import { newestBackup, wholeBackups } from './backup-shelf.ts';
import { checkBackup } from './check-backup.ts';
import { makeBackup } from './make-backup.ts';
import { restoreBackup } from './restore-backup.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 23, 3, 10);

/** A data folder as a console leaves it: its database, keys, two closed days and one that changes. */
async function makeData() {
  const root = tempFolder(onTestFinished, 'rmm-backup');
  const [data, folder] = [path.join(root, 'data'), path.join(root, 'shelf')];
  for (const name of ['certs', 'logs', 'relay', 'metrics/raw', 'metrics/hours'])
    mkdirSync(path.join(data, name), { recursive: true, mode: 0o700 });
  const store = await openStore({ engine: 'sqlite', file: path.join(data, 'console.db') });
  onTestFinished(() => store.close());
  for (const [name, text] of [
    ['certs/authority.key', 'secret'],
    ['logs/console.log', 'words'],
    ['relay/identity.json', 'another program'],
    ['metrics/raw/2026-11-20.day', 'a'.repeat(3_000_000)],
    ['metrics/raw/2026-11-21.day', 'b'.repeat(10)],
    ['metrics/raw/2026-11-22.day.tmp', 'half'],
  ] as const)
    writeFileSync(path.join(data, name), text, { mode: 0o600 });
  const hours = openSqlite(path.join(data, 'metrics/hours/2026-11-23.db'));
  onTestFinished(() => void hours.close());
  hours.exec('create table chunk (id integer primary key, data blob not null) strict');
  const backup = (now = NOW, keep = 3) => makeBackup({ data, folder, keep, now });
  return { root, data, folder, store, hours, backup };
}

const codeOf = (code: string) => expect.objectContaining({ code });

test('a backup holds the database and every file of the console, and nothing of a relay, of logs or half written', async () => {
  const { folder, backup } = await makeData();
  const report = await backup();
  expect(report.name).toBe('rmm-2026-11-23T03-10-00Z');
  const { manifest, faults } = checkBackup(report.path);
  expect(faults).toEqual([]);
  expect(manifest.files.map((file) => file.path)).toEqual([
    'certs/authority.key',
    'metrics/hours/2026-11-23.db',
    'metrics/raw/2026-11-20.day',
    'metrics/raw/2026-11-21.day',
  ]);
  expect(manifest).toMatchObject({ engine: 'sqlite', migration: expect.stringMatching(/^\d{4}-/) });
  expect(statSync(path.join(report.path, 'files/certs/authority.key')).mode & 0o777).toBe(0o600);
  expect(statSync(path.join(report.path, manifest.control.path)).mode & 0o777).toBe(0o600);
  expect(statSync(report.path).mode & 0o777).toBe(0o700);
  expect(newestBackup(folder)).toMatchObject({ name: report.name, bytes: report.bytes });
});

test('a day that has not changed is linked, not copied again; one that has is copied', async () => {
  const { data, hours, backup } = await makeData();
  const first = await backup();
  expect(first.linkedBytes).toBe(0);
  appendFileSync(path.join(data, 'metrics/raw/2026-11-21.day'), 'late');
  hours.prepare('insert into chunk (data) values (?)').run(Buffer.alloc(100));
  const second = await backup(NOW + DAY_MS);
  expect(second.linkedBytes).toBe(3_000_000);
  const inode = (at: string, name: string) => statSync(path.join(at, 'files/metrics/raw', name)).ino;
  expect(inode(second.path, '2026-11-20.day')).toBe(inode(first.path, '2026-11-20.day'));
  expect(inode(second.path, '2026-11-21.day')).not.toBe(inode(first.path, '2026-11-21.day'));
  expect(checkBackup(first.path).faults).toEqual([]);
  expect(checkBackup(second.path).faults).toEqual([]);
  const copy = openSqlite(path.join(second.path, 'files/metrics/hours/2026-11-23.db'), { isReadOnly: true });
  expect(copy.prepare('select count(*) from chunk').pluck().get()).toBe(1);
  copy.close();
});

test('as many are kept as are wanted, and what a killed backup left is gone', async () => {
  const { folder, backup } = await makeData();
  mkdirSync(path.join(folder, 'rmm-2026-11-22T03-10-00Z.partial'), { recursive: true });
  for (let day = 0; day < 4; day += 1) await backup(NOW + day * DAY_MS, 2);
  expect(wholeBackups(folder)).toEqual(['rmm-2026-11-26T03-10-00Z', 'rmm-2026-11-25T03-10-00Z']);
  expect(readdirSync(folder)).toHaveLength(2);
});

test('a backup is one state of the database while another connection writes into it', async () => {
  const { data, backup } = await makeData();
  const writer = openSqlite(path.join(data, 'console.db'));
  onTestFinished(() => void writer.close());
  writer.exec('create table one (n integer not null) strict; create table two (n integer not null) strict');
  const both = writer.transaction((n: number) => {
    writer.prepare('insert into one (n) values (?)').run(n);
    writer.prepare('insert into two (n) values (?)').run(n);
  });
  const isOver = { yes: false };
  const writing = (async () => {
    for (let n = 0; !isOver.yes; n += 1) {
      both(n);
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  const { path: at } = await backup();
  isOver.yes = true;
  await writing;
  const copy = openSqlite(path.join(at, 'control.db'), { isReadOnly: true });
  const count = (table: string) => copy.prepare(`select count(*) from ${table}`).pluck().get();
  expect(count('one')).toBe(count('two'));
  copy.close();
});

test('a day that is closed again while it is copied is taken as it is then', async () => {
  const { data, folder, hours, backup } = await makeData();
  hours.close();
  const [day, open] = [path.join(data, 'metrics/days/2026-11-23.day'), path.join(data, 'metrics/hours/2026-11-23.db')];
  mkdirSync(path.dirname(day));
  writeFileSync(day, 'before', { mode: 0o600 });
  // Takes its time between the closed day and the open one.
  const other = openSqlite(path.join(data, 'metrics/hours/2026-11-22.db'));
  other.exec('create table chunk (id integer primary key) strict');
  other.close();
  const copy = path.join(folder, 'rmm-2026-11-23T03-10-00Z.partial/files/metrics/days/2026-11-23.day');
  const making = backup();
  while (!existsSync(copy)) await turn();
  writeFileSync(day, 'with what came late', { mode: 0o600 });
  rmSync(open);
  const { path: made } = await making;
  expect(checkBackup(made).faults).toEqual([]);
  expect(readFileSync(path.join(made, 'files/metrics/days/2026-11-23.day'), 'utf8')).toBe('with what came late');
  expect(existsSync(path.join(made, 'files/metrics/hours/2026-11-23.db'))).toBe(false);
});

test('a backup comes back into an empty folder as another life of the database', async () => {
  const { root, store, backup } = await makeData();
  await store.db.insertInto('customer').values({ id: 'c1', name: 'Acme', created_at: 1 }).execute();
  const { path: at } = await backup();
  const data = path.join(root, 'again');
  const report = await restoreBackup({ backup: at, data });
  expect(report.incarnation).not.toBe(store.incarnation);
  expect(report.manifest.incarnation).toBe(store.incarnation);
  const again = await openStore({ engine: 'sqlite', file: path.join(data, 'console.db') });
  expect(again.incarnation).toBe(report.incarnation);
  expect(await again.db.selectFrom('customer').select('name').execute()).toEqual([{ name: 'Acme' }]);
  await again.close();
  expect(statSync(path.join(data, 'certs/authority.key')).mode & 0o777).toBe(0o600);
  expect(statSync(path.join(data, 'metrics/raw/2026-11-20.day')).size).toBe(3_000_000);
  await expect(restoreBackup({ backup: at, data })).rejects.toEqual(codeOf('conflict'));
});

test('a changed byte is found, and nothing of a changed backup is restored', async () => {
  const { root, backup } = await makeData();
  const { path: at } = await backup();
  const day = path.join(at, 'files/metrics/raw/2026-11-21.day');
  chmodSync(day, 0o600);
  writeFileSync(day, 'bbbbbbbbbc');
  rmSync(path.join(at, 'files/certs/authority.key'));
  expect(checkBackup(at).faults).toEqual([
    'certs/authority.key: is not there',
    'metrics/raw/2026-11-21.day: was changed',
  ]);
  writeFileSync(path.join(at, 'files/certs/authority.key'), 'secret');
  const data = path.join(root, 'again');
  await expect(restoreBackup({ backup: at, data })).rejects.toEqual(codeOf('crc-mismatch'));
  expect(existsSync(data)).toBe(false);
  expect(existsSync(`${data}.restoring`)).toBe(false);
});

test('a manifest that leads out of the data folder is refused', async () => {
  const { root, backup } = await makeData();
  const { path: at } = await backup();
  const manifest = readManifest(at);
  const write = (file: string) => {
    const files = [{ path: file, bytes: 0, sha256: '0'.repeat(64) }];
    writeFileSync(path.join(at, MANIFEST_FILE), JSON.stringify({ ...manifest, files }));
  };
  for (const file of ['../out', '/etc/passwd', 'a/../../b', 'a\\..\\b', '']) {
    write(file);
    await expect(restoreBackup({ backup: at, data: path.join(root, 'again') })).rejects.toEqual(
      codeOf('config-invalid'),
    );
  }
  await expect(restoreBackup({ backup: root, data: path.join(root, 'again') })).rejects.toEqual(codeOf('not-found'));
});

test('a damaged database makes no backup', async () => {
  const { data, folder, store, backup } = await makeData();
  await store.db
    .insertInto('customer')
    .values(Array.from({ length: 200 }, (_, i) => ({ id: `c${i}`, name: `Customer ${i}`, created_at: 1 })))
    .execute();
  await store.close();
  const file = path.join(data, 'console.db');
  const bytes = readFileSync(file);
  bytes.fill(0xff, 4_096 * 3, 4_096 * 12);
  writeFileSync(file, bytes);
  await expect(backup()).rejects.toThrow(/damaged|malformed/);
  expect(wholeBackups(folder)).toEqual([]);
});
