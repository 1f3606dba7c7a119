// Which accounts count as one machine's own, and which as a directory's.
import { expect, test } from 'vitest';
import { DeviceId, newId } from '#shared/base/id.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { loginAuthority } from './login-authority.ts';

const entry: RosterEntry = {
  device: DeviceId.parse(newId(0)),
  name: 'File server',
  transport: 'winrm',
  address: 'FS01.example.test',
  intervalMs: 60_000,
};

test.each([
  ['monitor', 'machine'],
  ['.\\monitor', 'machine'],
  ['fs01\\monitor', 'domain'],
  ['EXAMPLE\\monitor', 'domain'],
  ['monitor@example.test', 'domain'],
  ['', 'domain'],
])('over WinRM %j is an account of the %s', (user, authority) => {
  expect(loginAuthority(user, entry)).toBe(authority);
});

test('a plain name beside a realm is of the domain, and over SSH nothing is told by a name', () => {
  expect(loginAuthority('monitor', { ...entry, realm: 'EXAMPLE.TEST' })).toBe('domain');
  expect(loginAuthority('.\\monitor', { ...entry, transport: 'ssh' })).toBe('shared');
});
