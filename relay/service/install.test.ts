// Proves that an installation writes what it says, once, and refuses paths that systemd would misread.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { installRelay } from './install.ts';
import { systemdUnit } from './systemd-unit.ts';

async function root(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rmm-install-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

const options = { program: '/opt/rmm/rmm', data: '/var/lib/rmm-relay', user: 'rmm-relay' };

test('the first run writes unit and data folder, the second changes nothing', async () => {
  const place = await root();
  const first = await installRelay({ ...options, root: place });
  expect(first.changed).toEqual([options.data, first.unitFile]);
  expect(await readFile(first.unitFile, 'utf8')).toBe(systemdUnit(options));
  expect((await installRelay({ ...options, root: place })).changed).toEqual([]);
});

test.each(['/opt/r mm', 'relative', '/opt/%h', '/opt/../etc', '/opt/a\nb'])('the path %j is refused', async (data) => {
  await expect(installRelay({ ...options, data, root: await root() })).rejects.toThrow(/absolute and plain/);
});

test('the unit has no capability, no writable place but the data, and no way to gain rights', () => {
  const unit = systemdUnit(options);
  expect(unit).toMatch(/^CapabilityBoundingSet=$/m);
  expect(unit).toMatch(/^ProtectSystem=strict$/m);
  expect(unit).toMatch(/^NoNewPrivileges=yes$/m);
  expect(unit.match(/^ReadWritePaths=.*$/gm)).toEqual(['ReadWritePaths=/var/lib/rmm-relay']);
});

test('a unit that hands keys over names both, encrypted, and is like any other besides', () => {
  const lines = (hasSystemCredentials: boolean) => systemdUnit({ ...options, hasSystemCredentials }).split('\n');
  expect(lines(true).filter((line) => line.startsWith('LoadCredential'))).toEqual([
    'LoadCredentialEncrypted=rmm-relay-identity:/etc/credstore.encrypted/rmm-relay-identity',
    'LoadCredentialEncrypted=rmm-relay-sealing:/etc/credstore.encrypted/rmm-relay-sealing',
  ]);
  expect(lines(true).filter((line) => !line.startsWith('LoadCredential'))).toEqual(lines(false));
});
