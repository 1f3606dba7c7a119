// Proves how two readings of an inventory are told as a change, whatever a device said.
import { expect, test } from 'vitest';
import { type FactDiff, factDiff } from './fact-diff.ts';

const packages = (...some: Array<[string, string, string?]>) => ({
  manager: 'dpkg',
  packages: some.map(([name, version, arch = 'amd64']) => ({ name, version, arch })),
});
const disk = (name: string, sizeBytes: number, serial = 's') => ({
  name,
  sizeBytes,
  serial,
  partitions: [{ name: 'p1' }],
});
const port = (port: number, process: string | null) => ({ protocol: 'tcp', address: '0.0.0.0', port, process });
const nic = (name: string, ...addresses: string[]) => ({ name, mac: null, addresses });

test.each<[string, string, unknown, unknown, Partial<FactDiff>]>([
  [
    'packages come, go and change their version',
    'packages',
    packages(['bash', '5.1'], ['vim', '9'], ['zsh', '5']),
    packages(['bash', '5.2'], ['zsh', '5'], ['nginx', '1.22']),
    { added: ['nginx 1.22'], removed: ['vim 9'], changed: ['bash 5.1 → 5.2'] },
  ],
  [
    'kernels stand beside each other',
    'packages',
    packages(['kernel', '1'], ['kernel', '2']),
    packages(['kernel', '2'], ['kernel', '3']),
    { added: ['kernel 3'], removed: ['kernel 1'], changed: [] },
  ],
  [
    'one library for two architectures is two',
    'packages',
    packages(['libc', '1', 'amd64']),
    packages(['libc', '1', 'amd64'], ['libc', '1', 'i386']),
    { added: ['libc 1'], changed: [] },
  ],
  [
    'a service fails',
    'services',
    { services: [{ name: 'nginx', active: 'active', state: 'running', description: 'web' }] },
    { services: [{ name: 'nginx', active: 'failed', state: 'failed', description: 'web' }] },
    { changed: ['nginx running → failed'] },
  ],
  [
    'a user gets another shell',
    'users',
    { users: [{ name: 'bob', shell: '/bin/sh', uid: 1 }] },
    { users: [{ uid: 1, shell: '/bin/zsh', name: 'bob' }, { name: 'eve' }] },
    { added: ['eve'], changed: ['bob: shell'] },
  ],
  [
    'a disk grows',
    'disks',
    { disks: [disk('sda', 1)] },
    { disks: [disk('sda', 2, 't')] },
    { changed: ['sda: sizeBytes, serial'] },
  ],
  [
    'an address and a gateway come',
    'network',
    { interfaces: [nic('eth0', '10.0.0.1/24')], gateways: [], nameServers: ['9.9.9.9'] },
    { interfaces: [nic('eth0', '10.0.0.2/24'), nic('wg0')], gateways: ['10.0.0.254'], nameServers: null },
    { added: ['wg0', 'gateway 10.0.0.254'], removed: [], changed: ['eth0: addresses'] },
  ],
  [
    'a port opens, another program takes one',
    'ports',
    { ports: [port(22, 'sshd'), port(80, 'nginx')] },
    { ports: [port(22, 'dropbear'), port(443, null), port(80, 'nginx')] },
    { added: ['tcp/443 0.0.0.0'], changed: ['tcp/22 0.0.0.0 sshd → dropbear'] },
  ],
  [
    'a system is upgraded',
    'os',
    { version: '12', kernel: '6.1', family: 'linux' },
    { version: '13', kernel: '6.12', family: 'linux', codename: 'trixie' },
    { changed: ['version 12 → 13', 'kernel 6.1 → 6.12', 'codename – → trixie'] },
  ],
  ['memory is put in', 'hardware', { memoryBytes: 8 }, { memoryBytes: 16 }, { changed: ['memoryBytes 8 → 16'] }],
  [
    'a kind nobody knew',
    'certificates',
    { certs: [{ name: 'a' }] },
    { certs: [{ name: 'b' }] },
    { added: ['b'], removed: ['a'] },
  ],
  [
    'the same in another order',
    'users',
    { users: [{ a: 1, name: 'x' }] },
    { users: [{ name: 'x', a: 1 }] },
    { changed: [] },
  ],
])('%s', (_what, kind, before, after, expected) => {
  expect(factDiff(kind, before, after)).toMatchObject({ added: [], removed: [], changed: [], more: 0, ...expected });
});

test('the first reading is no news', () => {
  expect(factDiff('packages', undefined, packages(['bash', '5']))).toEqual({
    ...{ added: [], removed: [], changed: [] },
    more: 0,
  });
});

test('twenty names of each list are told, the others are counted, long ones are cut', () => {
  const many = Array.from({ length: 30 }, (_, i): [string, string] => [`p${i}`, '1']);
  const long = 'x'.repeat(5_000);
  const diff = factDiff('packages', packages(...many), packages([long, '1']));
  expect([diff.added.length, diff.removed.length, diff.more]).toEqual([1, 20, 10]);
  expect(diff.added[0]).toHaveLength(120);
});

test.each([
  ['no object', 'text', 7],
  ['no list', { packages: 'all' }, { packages: [1, null, ['x']] }],
  ['names of the language', { packages: [{ name: '__proto__' }] }, { packages: [{ name: 'constructor' }] }],
  ['a hundred thousand without a name', { packages: Array(100_000).fill({}) }, { packages: [{}] }],
  ['depth', JSON.parse('['.repeat(20_000) + ']'.repeat(20_000)), {}],
  ['depth within', { a: JSON.parse('['.repeat(20_000) + ']'.repeat(20_000)) }, { a: [] }],
])('whatever a device says is compared without harm: %s', (_what, before, after) => {
  for (const kind of ['packages', 'ports', 'os', '__proto__'])
    expect(() => factDiff(kind, before, after)).not.toThrow();
});
