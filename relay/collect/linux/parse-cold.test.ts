// The inventory of four kinds of Linux: what is told stands in the facts, what is not told is null or absent, never an empty text.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FactValue } from '#relay/collect/collector.ts';
import { sectionsOf } from '#relay/collect/framed-output.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { parseLinuxCold } from './parse-cold.ts';

const NONCE = '00112233445566778899aabbccddeeff';
const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
const DEBIAN = fixture('cold-linux-6.18-debian-12.txt');
const ENTERPRISE = fixture('cold-composed-enterprise.txt');
const BUSYBOX = fixture('cold-composed-busybox.txt');

function facts(text: string): Record<string, { [member: string]: FactValue }> {
  const stdout = new TextEncoder().encode(text);
  const end = { kind: 'exit' as const, code: 0 };
  const result = { end, stdout, stderr: new Uint8Array(), isTruncated: false, hasOpenChild: false, durationMs: 1 };
  const sections = sectionsOf(result, NONCE, 'linux');
  if (!sections.ok) throw new Error(sections.detail);
  return Object.fromEntries(parseLinuxCold(sections.value).facts.map(({ kind, body }) => [kind, body]));
}

test('a captured Debian 12 without firmware tables', () => {
  const { os, hardware, disks, network, packages, users, services, ports } = facts(DEBIAN);
  expect(os).toEqual({
    family: 'linux',
    id: 'debian',
    name: 'Debian GNU/Linux',
    version: '12',
    prettyName: 'Debian GNU/Linux 12 (bookworm)',
    kernelName: 'Linux',
    kernel: '6.18.44-fc-v657',
    architecture: 'x86_64',
    hostname: 'vm',
    timezone: 'Etc/UTC',
  });
  expect(hardware).toMatchObject({
    vendor: null,
    serial: null,
    cpuModel: 'AMD EPYC',
    cpuSockets: 1,
    cpuCores: 2,
    cpuThreads: 2,
    hypervisor: 'KVM',
    memoryBytes: 24_684_092 * 1_024,
  });
  expect(disks).toMatchObject({ disks: [{ name: 'vda', sizeBytes: 536_870_912 * 512, vendor: null, serial: null }] });
  expect(network).toEqual({
    interfaces: [
      {
        name: 'eth0',
        mac: '02:fc:00:00:00:01',
        mtu: 1400,
        isUp: true,
        addresses: ['192.0.2.2/24', 'fd00::2/64', 'fe80::fc:ff:fe00:1/64'],
      },
    ],
    gateways: ['192.0.2.1', 'fd00::1'],
    nameServers: ['10.255.255.53'],
  });
  expect(packages).toMatchObject({ manager: 'dpkg', isTruncated: false });
  expect(packages?.['packages']).toContainEqual({ name: 'base-passwd', version: '3.6.1', arch: 'amd64' });
  expect(users).toEqual({
    users: [
      { name: 'carol', uid: 1000, gid: 1000, home: '/home/carol', shell: '/bin/bash' },
      { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/bash' },
    ],
  });
  expect(services).toBeUndefined(); // no systemd runs there
  expect(ports).toBeDefined();
});

test('a server with firmware tables, rpm, systemd and ss', () => {
  const all = facts(ENTERPRISE);
  expect(all['os']).toMatchObject({ prettyName: 'AlmaLinux 9.4 "Seafoam"', timezone: 'Europe/Berlin' });
  expect(all['hardware']).toEqual({
    vendor: 'Dell Inc.',
    product: 'PowerEdge R640',
    productVersion: null,
    serial: null, // the script does not run as root there
    chassisType: 23,
    biosVendor: 'Dell Inc.',
    biosVersion: '2.21.2',
    biosDate: '02/19/2024',
    cpuModel: 'Intel(R) Xeon(R) Gold 6226R CPU @ 2.90GHz',
    cpuSockets: 2,
    cpuCores: 4,
    cpuThreads: 8,
    hypervisor: null,
    memoryBytes: 131_661_128 * 1_024,
  });
  const flags = { isRotational: false, isRemovable: false, isReadOnly: false };
  expect(all['disks']).toEqual({
    disks: [
      {
        name: 'nvme0n1',
        sizeBytes: 3_125_627_568 * 512,
        model: 'Dell Ent NVMe P5600 MU U.2 1.6TB',
        vendor: null,
        serial: 'PHAB1234567X',
        ...flags,
        partitions: [],
      },
      {
        name: 'sda',
        sizeBytes: 1_875_385_008 * 512,
        model: 'PERC H740P Adp',
        vendor: 'DELL',
        serial: '61866da0b1c2d300',
        ...flags,
        partitions: [
          { name: 'sda1', sizeBytes: 2_097_152 * 512 },
          { name: 'sda2', sizeBytes: 1_873_285_120 * 512 },
        ],
      },
    ],
  });
  expect(all['network']).toEqual({
    interfaces: [
      {
        name: 'em1',
        mac: 'e4:43:4b:00:00:01',
        mtu: 9000,
        isUp: true,
        addresses: ['198.51.100.7/24', '198.51.100.8/24', '2001:db8::7/64'],
      },
      { name: 'em2', mac: 'e4:43:4b:00:00:02', mtu: 1500, isUp: false, addresses: [] },
      { name: 'wg0', mac: null, mtu: 1420, isUp: null, addresses: ['10.9.0.2/32'] },
    ],
    gateways: ['198.51.100.1', 'fe80::1'],
    nameServers: ['198.51.100.53', '2001:db8::53'],
  });
  expect(all['packages']).toEqual({
    manager: 'rpm',
    isTruncated: false,
    packages: [
      { name: 'bash', version: '5.1.8-9.el9', arch: 'x86_64' },
      { name: 'gpg-pubkey', version: 'b86b3716-61e69f29', arch: '(none)' },
      { name: 'openssl-libs', version: '1:3.0.7-27.el9', arch: 'x86_64' },
    ],
  });
  expect(all['users']?.['users']).toEqual([
    { name: 'backup', uid: 1001, gid: 1001, home: '/home/backup', shell: '/bin/sh' },
    { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/bash' },
  ]);
  expect(all['services']?.['services']).toEqual([
    { name: 'auditd', active: 'active', state: 'running', description: 'Security Auditing Service' },
    { name: 'kdump', active: 'failed', state: 'failed', description: 'Crash recovery kernel arming' },
    { name: 'sshd', active: 'active', state: 'running', description: 'OpenSSH server daemon' },
  ]);
  expect(all['ports']?.['ports']).toEqual([
    { protocol: 'tcp', address: '0.0.0.0', port: 22, process: 'sshd' },
    { protocol: 'tcp', address: '::', port: 22, process: 'sshd' },
    { protocol: 'tcp', address: '127.0.0.53', port: 53, process: null },
    { protocol: 'tcp', address: '*', port: 9090, process: 'systemd' },
    { protocol: 'udp', address: '127.0.0.1', port: 323, process: 'chronyd' },
    { protocol: 'udp', address: 'fe80::1', port: 546, process: 'NetworkManager' },
  ]);
});

test('a small board with busybox: ifconfig, apk and the tables of the kernel', () => {
  const all = facts(BUSYBOX);
  expect(all['hardware']).toMatchObject({
    vendor: null,
    product: 'Raspberry Pi 4 Model B Rev 1.2',
    cpuModel: 'BCM2835',
    cpuSockets: null,
    cpuCores: null,
    cpuThreads: null,
    memoryBytes: null,
  });
  expect(all['network']).toMatchObject({
    interfaces: [{ name: 'eth0', addresses: ['203.0.113.9/25', 'fe80::dea6:32ff:fe00:1/64'] }],
    gateways: ['203.0.113.1'],
    nameServers: [],
  });
  expect(all['packages']?.['packages']).toEqual([
    { name: 'busybox', version: '1.36.1-r29', arch: 'aarch64' },
    { name: 'musl', version: '1.2.5-r0', arch: 'aarch64' },
  ]);
  expect(all['ports']?.['ports']).toEqual([
    { protocol: 'tcp', address: '0.0.0.0', port: 22, process: null },
    { protocol: 'tcp', address: '::1', port: 631, process: null },
    { protocol: 'udp', address: '127.0.0.1', port: 67, process: null },
  ]);
  expect(all['users']).toBeUndefined();
  expect(all['services']).toBeUndefined();
});

test('a device that tells nothing has no invented fact', () => {
  const silent = facts(`${NONCE} begin 1 linux\n${NONCE} end\n`);
  expect(Object.keys(silent)).toEqual(['os', 'hardware']);
  expect(Object.values(silent['hardware'] ?? {}).every((value) => value === null)).toBe(true);
});

test('the order in which a device tells things is no news', () => {
  const shuffled = ENTERPRISE.replace(/(bash\t.*\n)(gpg-pubkey.*\n)/, '$2$1').replace(
    /(root:x.*\n)(bin:x.*\n)/,
    '$2$1',
  );
  expect(shuffled).not.toBe(ENTERPRISE);
  expect(canonicalJson(facts(shuffled))).toBe(canonicalJson(facts(ENTERPRISE)));
});

test('no member of any fact is ever an empty text, and mutated answers stay canonical', () => {
  const hasEmpty = (value: FactValue): boolean =>
    value === '' || (typeof value === 'object' && value !== null && Object.values(value).some(hasEmpty));
  const seed = 20_260_107;
  const random = seededRandom(seed);
  for (let round = 0; round < 300; round += 1) {
    const bytes = Buffer.from([DEBIAN, ENTERPRISE, BUSYBOX][round % 3] ?? '');
    for (let i = 0; i < 20; i += 1) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    if (!bytes.includes(`${NONCE} begin 1 linux\n`) || !bytes.includes(`\n${NONCE} end\n`)) continue;
    const all = facts(bytes.toString());
    expect(hasEmpty(all), `seed ${seed} round ${round}`).toBe(false);
    expect(() => canonicalJson(all)).not.toThrow();
  }
});
