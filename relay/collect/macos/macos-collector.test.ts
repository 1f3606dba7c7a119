// macOS's answers as the manual pages print them; none of this has seen a real device.
import { expect, test } from 'vitest';
import { parseBsdCold } from '#relay/collect/parse-bsd-cold.ts';
import { factsByKind, fixtureSections, knownValues } from '#test/fixtures/collected.ts';
import { parseMacosHot } from './parse-hot.ts';

const sections = (name: string) => fixtureSections(new URL(`./fixtures/${name}`, import.meta.url), 'macos');

test('counters and levels of a composed macOS 14; processor and disks stay unknown', () => {
  const reading = parseMacosHot(sections('hot-composed-macos-14.txt'));
  expect(reading.wallClockMs).toBe(1_767_229_200_000);
  const volume = (mount: string, used: number, available: number, size = 482_797_652) => ({
    [`filesystem.size ${mount}`]: size * 1_024,
    [`filesystem.used ${mount}`]: used * 1_024,
    [`filesystem.available ${mount}`]: available * 1_024,
  });
  expect(knownValues(reading)).toEqual({
    'system.uptime': 86_400_000,
    'system.boot': 42,
    'load.1': 1.52,
    'load.5': 1.71,
    'load.15': 1.8,
    'memory.total': 17_179_869_184,
    'memory.available': 215_000 * 16_384,
    'memory.cached': 100_000 * 16_384,
    'swap.total': 2_048 * 1_048_576,
    'swap.free': 1_023.5 * 1_048_576,
    ...volume('/', 10_000_000, 200_000_000),
    ...volume('/System/Volumes/Data', 250_000_000, 200_000_000),
    ...volume('/Volumes/My Backup', 500_000, 500_000, 1_000_000),
    'network.rx_bytes en0': 987_654_321,
    'network.tx_bytes en0': 12_345_678,
    'network.rx_errors en0': 0,
    'network.tx_errors en0': 7,
    'network.rx_bytes awdl0': 0,
    'network.tx_bytes awdl0': 300,
    'network.rx_errors awdl0': 0,
    'network.tx_errors awdl0': 0,
  });
});

test('inventory of a composed macOS 14', () => {
  const facts = factsByKind(parseBsdCold(sections('cold-composed-macos-14.txt'), 'macos'));
  expect(facts['os']).toMatchObject({ family: 'macos', name: 'macOS', version: '14.5', prettyName: 'macOS 14.5' });
  expect(facts['hardware']).toMatchObject({
    vendor: 'Apple Inc.',
    product: 'Macmini9,1',
    serial: 'C07EXAMPLE1',
    cpuModel: 'Apple M1',
    cpuCores: 8,
    cpuThreads: 8,
    memoryBytes: 17_179_869_184,
  });
  expect(facts['network']).toEqual({
    interfaces: [
      {
        name: 'en0',
        mac: 'a4:83:e7:00:00:01',
        mtu: 1500,
        isUp: true,
        addresses: ['192.0.2.20/24', 'fe80::10:20:30:40/64'],
      },
    ],
    gateways: ['192.0.2.1', 'fe80::1'],
    nameServers: ['192.0.2.1'],
  });
  expect(facts['users']?.['users']).toMatchObject([
    { name: 'carol', uid: null, shell: '/bin/zsh' },
    { name: 'root', shell: '/bin/sh' },
  ]);
  expect(facts['packages']).toBeUndefined();
});
