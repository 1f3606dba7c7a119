// Derived values equal hand arithmetic on the stored integers, and what cannot be known stays unknown.
import { expect, test } from 'vitest';
import { DeviceId } from '#shared/base/id.ts';
import { DERIVED, derive } from './derive.ts';
import { metricByName, type Series, toStored } from './metric-catalogue.ts';
import type { PollRecord } from './poll-record.ts';

const device = DeviceId.parse('01900000-0000-7000-8000-000000000001');

/** A record from natural values; a key is "metric" or "metric instance". */
function record(values: Record<string, number | undefined>): PollRecord {
  const keys = Object.keys(values);
  const series: Series[] = [];
  const stored = keys.map((key) => {
    const [name = '', instance = ''] = key.split(' ');
    const metric = metricByName(name);
    if (metric === undefined) throw new Error(`no metric ${name}`);
    series.push({ metric: metric.id, instance });
    const value = values[key];
    return value === undefined ? undefined : toStored(metric, value);
  });
  return { device, at: 0, series, values: stored };
}

function value(prev: PollRecord | undefined, next: PollRecord, name: string, instance = '') {
  const found = derive(prev, next).find((one) => one.name === name && one.instance === instance);
  if (found === undefined) throw new Error(`no ${name} of "${instance}"`);
  return found.value;
}

const cpu = (uptime: number, ticks: [number, number, number, number, number, number]) =>
  record({
    'system.uptime': uptime,
    'cpu.user': ticks[0],
    'cpu.nice': ticks[1],
    'cpu.system': ticks[2],
    'cpu.idle': ticks[3],
    'cpu.iowait': ticks[4],
    'cpu.steal': ticks[5],
  });

test('processor use is the share of ticks that were neither idle nor waiting', () => {
  const prev = cpu(100_000, [1000, 10, 500, 8000, 200, 0]);
  const next = cpu(110_000, [1300, 20, 590, 8500, 280, 20]);
  // rises: 300 + 10 + 90 + 500 + 80 + 20 = 1000 ticks, of which 500 idle and 80 waiting
  expect(value(prev, next, 'cpu.used_ratio')).toBeCloseTo(0.42, 12);
  expect(value(prev, next, 'cpu.user_ratio')).toBeCloseTo(0.31, 12);
  expect(value(prev, next, 'cpu.system_ratio')).toBeCloseTo(0.09, 12);
  expect(value(prev, next, 'cpu.iowait_ratio')).toBeCloseTo(0.08, 12);
  expect(value(prev, next, 'cpu.steal_ratio')).toBeCloseTo(0.02, 12);
});

test('no ticks between two polls is unknown, not idle', () => {
  const ticks: [number, number, number, number, number, number] = [1, 1, 1, 1, 1, 1];
  expect(value(cpu(1_000, ticks), cpu(2_000, ticks), 'cpu.used_ratio')).toBeUndefined();
});

test('rates divide by the uptime of the device, whatever the time of the relay says', () => {
  const prev = {
    ...record({ 'system.uptime': 50_000, 'network.rx_bytes eth0': 1_000, 'network.tx_bytes eth0': 7 }),
    at: 1_000_000,
  };
  const next = {
    ...record({ 'system.uptime': 54_000, 'network.rx_bytes eth0': 9_000, 'network.tx_bytes eth0': 7 }),
    at: 5_000,
  };
  expect(value(prev, next, 'network.rx_rate', 'eth0')).toBe(2_000); // 8,000 bytes in 4 s
  expect(value(prev, next, 'network.tx_rate', 'eth0')).toBe(0);
});

test('disk rates, operations and busy share', () => {
  const at = (uptime: number, read: number, write: number, reads: number, busy: number) =>
    record({
      'system.uptime': uptime,
      'disk.read_bytes sda': read * 512,
      'disk.write_bytes sda': write * 512,
      'disk.reads sda': reads,
      'disk.busy sda': busy,
    });
  const prev = at(10_000, 100, 10, 50, 1_000);
  const next = at(20_000, 300, 12, 75, 3_500);
  expect(value(prev, next, 'disk.read_rate', 'sda')).toBe((200 * 512) / 10);
  expect(value(prev, next, 'disk.write_rate', 'sda')).toBe((2 * 512) / 10);
  expect(value(prev, next, 'disk.reads_rate', 'sda')).toBe(2.5);
  expect(value(prev, next, 'disk.busy_ratio', 'sda')).toBe(0.25);
  expect(value(prev, at(20_000, 300, 12, 75, 11_020), 'disk.busy_ratio', 'sda')).toBe(1);
});

test('pressure is the share of time in which something waited', () => {
  const prev = record({ 'system.uptime': 10_000, 'pressure.io': 5_000_000 });
  const next = record({ 'system.uptime': 20_000, 'pressure.io': 6_500_000 });
  expect(value(prev, next, 'pressure.io_ratio')).toBe(0.15);
});

test('levels need no former poll; rates do', () => {
  const next = record({
    'system.uptime': 10_000,
    'memory.total': 1_024_000,
    'memory.available': 256_000,
    'swap.total': 0,
    'swap.free': 0,
    'load.1': 0.75,
    'filesystem.used /': 3 * 1_024,
    'filesystem.available /': 1_024,
    'network.rx_bytes eth0': 5,
  });
  expect(value(undefined, next, 'memory.used_ratio')).toBe(0.75);
  expect(value(undefined, next, 'memory.used')).toBe(768_000);
  expect(value(undefined, next, 'load.1')).toBe(0.75);
  expect(value(undefined, next, 'system.uptime')).toBe(10_000);
  expect(value(undefined, next, 'filesystem.used_ratio', '/')).toBe(0.75);
  expect(value(undefined, next, 'swap.used_ratio')).toBeUndefined(); // there is no swap to use
  expect(value(undefined, next, 'network.rx_rate', 'eth0')).toBeUndefined();
});

test('a reboot gives no rate for the interval, and the next interval is right again', () => {
  const before = record({ 'system.uptime': 900_000, 'network.rx_bytes eth0': 100 });
  const after = record({ 'system.uptime': 30_000, 'network.rx_bytes eth0': 4_000 });
  const later = record({ 'system.uptime': 40_000, 'network.rx_bytes eth0': 5_000 });
  expect(value(before, after, 'network.rx_rate', 'eth0')).toBeUndefined();
  expect(value(after, later, 'network.rx_rate', 'eth0')).toBe(100);
});

test('a reboot long ago is seen by the id of the boot where uptime alone would look like a rise', () => {
  const before = record({ 'system.uptime': 60_000, 'system.boot': 1, 'network.rx_bytes eth0': 100 });
  const after = record({ 'system.uptime': 600_000, 'system.boot': 2, 'network.rx_bytes eth0': 4_000 });
  expect(value(before, after, 'network.rx_rate', 'eth0')).toBeUndefined();
});

test('a counter that falls while uptime rises is a reset of that counter alone', () => {
  const prev = record({ 'system.uptime': 1_000, 'network.rx_bytes eth0': 500, 'network.tx_bytes eth0': 10 });
  const next = record({ 'system.uptime': 2_000, 'network.rx_bytes eth0': 20, 'network.tx_bytes eth0': 30 });
  expect(value(prev, next, 'network.rx_rate', 'eth0')).toBeUndefined();
  expect(value(prev, next, 'network.tx_rate', 'eth0')).toBe(20);
});

test.each([
  ['the former value', { 'system.uptime': 1_000 }, { 'system.uptime': 2_000, 'network.rx_bytes eth0': 20 }],
  [
    'the value now',
    { 'system.uptime': 1_000, 'network.rx_bytes eth0': 5 },
    { 'system.uptime': 2_000, 'network.rx_bytes eth0': undefined },
  ],
  [
    'the uptime',
    { 'system.uptime': undefined, 'network.rx_bytes eth0': 5 },
    { 'system.uptime': 2_000, 'network.rx_bytes eth0': 20 },
  ],
])('unknown stays unknown: without %s there is no rate', (_what, prev, next) => {
  expect(value(record(prev), record(next), 'network.rx_rate', 'eth0')).toBeUndefined();
});

test('a missing column leaves its ratio unknown', () => {
  expect(value(undefined, record({ 'memory.total': 5_120 }), 'memory.used_ratio')).toBeUndefined();
  expect(
    value(undefined, record({ 'memory.total': 5_120, 'memory.available': 9_216 }), 'memory.used_ratio'),
  ).toBeUndefined();
});

test('each instance of the device has its own values, and a metric of another catalogue is passed over', () => {
  const next = record({ 'filesystem.used /': 1_024, 'filesystem.available /': 1_024, 'filesystem.used /srv': 2_048 });
  const stranger = {
    ...next,
    series: [...next.series, { metric: 60_000, instance: 'x' }],
    values: [...next.values, 1],
  };
  const ratios = derive(undefined, stranger).filter((one) => one.name === 'filesystem.used_ratio');
  expect(ratios).toEqual([
    { name: 'filesystem.used_ratio', instance: '/', value: 0.5 },
    { name: 'filesystem.used_ratio', instance: '/srv', value: undefined },
  ]);
});

test('every rule reads metrics that exist, in its own scope, and names are unique', () => {
  for (const { name, inputs, scope } of DERIVED) {
    expect(
      inputs.map((input) => metricByName(input)?.scope),
      name,
    ).toEqual(inputs.map(() => scope));
  }
  expect(new Set(DERIVED.map((one) => one.name)).size).toBe(DERIVED.length);
});
