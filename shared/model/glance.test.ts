// Proves what a glance takes from the readings, in both forms in which they come.
import { expect, test } from 'vitest';
import { emptyGlance, glanceOf, glanceOfReadings } from './glance.ts';
import { splitSeriesKey } from './series-key.ts';

const VALUES = {
  'cpu.used_ratio': 0.5,
  'memory.used_ratio': 0.25,
  'load.1': 1.5,
  'system.uptime': 60_000,
  'filesystem.used_ratio /': 0.4,
  'filesystem.used_ratio /var/a b': 0.9,
  'network.rx_rate eth0': 10,
  'network.rx_rate br0': 12,
  'network.tx_rate eth0': 5,
  'disk.read_rate sda': 99,
};

test('the fullest filesystem with its mount, the busiest interface, the rest as it is', () => {
  expect(glanceOf(VALUES)).toEqual({
    cpu: 0.5,
    memory: 0.25,
    load: 1.5,
    uptime: 60_000,
    disk: 0.9,
    mount: '/var/a b',
    rx: 12,
    tx: 5,
  });
});

test('readings give the same glance as values by their keys', () => {
  const readings = Object.entries(VALUES).map(([key, value]) => ({ ...splitSeriesKey(key), value }));
  expect(glanceOfReadings(readings)).toEqual(glanceOf(VALUES));
});

test('what is not known stays unknown, and an unknown instance hides no known one', () => {
  expect(glanceOf({})).toEqual(emptyGlance());
  const readings = [
    { name: 'network.rx_rate', instance: 'a', value: 3 },
    { name: 'network.rx_rate', instance: 'b', value: undefined },
    { name: 'filesystem.used_ratio', instance: '/', value: undefined },
  ];
  expect(glanceOfReadings(readings)).toMatchObject({ rx: 3, disk: Number.NaN, mount: '' });
});
