// FreeBSD's answers as the manual pages print them; none of this has seen a real device.
import { expect, test } from 'vitest';
import { parseBsdCold } from '#relay/collect/parse-bsd-cold.ts';
import { factsByKind, fixtureSections, knownValues } from '#test/fixtures/collected.ts';
import { parseFreebsdHot } from './parse-hot.ts';

const sections = (name: string) => fixtureSections(new URL(`./fixtures/${name}`, import.meta.url), 'freebsd');

test('counters and levels of a composed FreeBSD 14', () => {
  const reading = parseFreebsdHot(sections('hot-composed-freebsd-14.txt'));
  expect(reading.wallClockMs).toBe(1_767_229_200_000);
  const tun = Object.fromEntries(
    ['rx_bytes', 'tx_bytes', 'rx_errors', 'tx_errors', 'rx_drops'].map((name, i) => [
      `network.${name} tun0`,
      [500, 600, 0, 0, 0][i],
    ]),
  );
  expect(knownValues(reading)).toEqual({
    'system.uptime': 3_600_000,
    'cpu.user': 51_234,
    'cpu.nice': 120,
    'cpu.system': 40_321 + 2_210,
    'cpu.idle': 9_876_543,
    'cpu.iowait': 0,
    'cpu.steal': 0,
    'load.1': 0.29,
    'load.5': 0.31,
    'load.15': 0.28,
    'memory.total': 8_546_418_688,
    'memory.available': 150_000 * 4_096,
    'memory.cached': 104_857_600,
    'swap.total': 3_145_728 * 1_024,
    'swap.free': 3_144_704 * 1_024,
    'filesystem.size /': 20_971_520 * 1_024,
    'filesystem.used /': 4_194_304 * 1_024,
    'filesystem.available /': 16_777_216 * 1_024,
    'filesystem.size /usr/home': 16_777_312 * 1_024,
    'filesystem.used /usr/home': 96 * 1_024,
    'filesystem.available /usr/home': 16_777_216 * 1_024,
    'disk.read_bytes ada0': 1_234_567.5 * 1_024,
    'disk.write_bytes ada0': 7_654_321 * 1_024,
    'disk.reads ada0': 123_456,
    'disk.writes ada0': 654_321,
    'disk.busy ada0': 567_800,
    'disk.read_bytes nda0': 4_096,
    'disk.write_bytes nda0': 8_192,
    'disk.reads nda0': 1,
    'disk.writes nda0': 2,
    'disk.busy nda0': 100,
    'network.rx_bytes vtnet0': 9_876_543_210,
    'network.tx_bytes vtnet0': 123_456_789,
    'network.rx_errors vtnet0': 1,
    'network.tx_errors vtnet0': 3,
    'network.rx_drops vtnet0': 2,
    ...tun,
  });
});

test('inventory of a composed FreeBSD 14', () => {
  const facts = factsByKind(parseBsdCold(sections('cold-composed-freebsd-14.txt'), 'freebsd'));
  expect(facts['os']).toMatchObject({
    family: 'freebsd',
    version: '14.1-RELEASE-p5',
    kernel: '14.1-RELEASE-p5',
    timezone: 'Europe/Vienna',
  });
  expect(facts['hardware']).toMatchObject({
    vendor: 'Supermicro',
    serial: '0123456789',
    biosDate: null,
    cpuModel: 'AMD EPYC 3151 4-Core Processor',
    cpuThreads: 8,
    cpuCores: null,
    memoryBytes: 34_190_389_248,
  });
  expect(facts['network']).toEqual({
    interfaces: [
      {
        name: 'igb0',
        mac: '3c:ec:ef:00:00:01',
        mtu: 1500,
        isUp: true,
        addresses: ['192.0.2.40/25', 'fe80::3eec:efff:fe00:1/64'],
      },
      { name: 'igb1', mac: '3c:ec:ef:00:00:02', mtu: 1500, isUp: false, addresses: [] },
    ],
    gateways: ['192.0.2.1'],
    nameServers: ['192.0.2.53'],
  });
  expect(facts['packages']).toEqual({
    manager: 'pkg',
    packages: [{ name: 'bash', version: '5.2.26', arch: 'FreeBSD:14:amd64' }],
    isTruncated: false,
  });
  expect(facts['users']?.['users']).toMatchObject([{ name: 'root', shell: '/bin/sh' }, { name: 'toor' }]);
});

test('a device that tells nothing has nothing but unknown columns', () => {
  const reading = parseFreebsdHot(new Map());
  expect(knownValues(reading)).toEqual({});
  expect(reading.wallClockMs).toBeUndefined();
});
