// The fleet store keeps the newest word on each device, and filters and orders as people expect.
import { expect, test } from 'vitest';
import { CustomerId, DeviceId, SiteId } from '#shared/base/id.ts';
import { type FleetSearch, toFleetQuery } from './fleet-query.ts';
import { type FleetItem, FleetStore } from './fleet-store.ts';

const id = (n: number) => DeviceId.parse(`01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`);
const site = SiteId.parse('01890000-0000-7000-8000-00000000ffff');

const item = (n: number, over: Partial<FleetItem> = {}): FleetItem => ({
  id: id(n),
  name: `srv-${n}`,
  siteName: 'Berlin',
  customerId: CustomerId.parse('01890000-0000-7000-8000-00000000eeee'),
  customerName: 'Default',
  transport: 'ssh',
  address: `10.0.0.${n}`,
  port: 22,
  isSimulated: false,
  status: 'up',
  statusReason: null,
  statusDetail: null,
  statusAt: 100,
  system: 'linux',
  type: 'server',
  os: null,
  serial: null,
  tags: [],
  groups: [],
  hostname: null,
  intervalMs: 60_000,
  polledAt: 1_000,
  latest: [{ name: 'cpu.used_ratio', instance: '', unit: 'ratio', value: n / 100 }],
  ...over,
});

function storeOf(...items: FleetItem[]) {
  const clock = { now: 1_000_000 };
  const frames: Array<() => void> = [];
  const store = new FleetStore({ frame: (callback) => frames.push(callback), now: () => clock.now });
  store.put(items);
  const query = { current: toFleetQuery({}) };
  const ask = (search: FleetSearch) => {
    query.current = toFleetQuery(search);
  };
  const names = () => store.view(query.current).map((row) => store.columns.name[row]);
  return { store, clock, frames, names, ask };
}

const metrics = (n: number, at: number, values: Record<string, number>) =>
  ({ kind: 'metrics', site, device: id(n), at, values }) as const;

test('a list that is older than the feed takes nothing back', () => {
  const { store } = storeOf(item(1));
  expect(store.take(metrics(1, 2_000, { 'cpu.used_ratio': 0.9 }))).toBe(true);
  store.take({ kind: 'device', site, device: id(1), at: 200, status: 'down', reason: 'timed-out' });
  store.put([item(1)]);
  expect(store.columns.cpu[0]).toBe(0.9);
  expect(store.columns.status[0]).toBe('down');
  expect(store.columns.reason[0]).toBe('timed-out');
});

test('a value the newest poll does not know is unknown, not the former one', () => {
  const { store } = storeOf(item(1));
  store.take(metrics(1, 2_000, { 'load.1': 1 }));
  expect(store.columns.cpu[0]).toBeNaN();
});

test('a change of a device that no list named is reported', () => {
  const { store } = storeOf(item(1));
  expect(store.take(metrics(9, 1, {}))).toBe(false);
});

test('the disk shown is the fullest, the network the busiest interface, loads and mounts as text', () => {
  const { store } = storeOf(item(1));
  store.take(
    metrics(1, 2_000, {
      'filesystem.used_ratio /': 0.2,
      'filesystem.used_ratio /var\u202e': 0.7,
      'network.rx_rate eth0': 5,
      'network.rx_rate eth1': 3,
    }),
  );
  expect(store.columns.disk[0]).toBe(0.7);
  expect(store.columns.mount[0]).toBe('/var\\u202e');
  expect(store.columns.rx[0]).toBe(5);
});

test('trouble stands first, then names as people count', () => {
  const { names, ask } = storeOf(item(10), item(2), item(3, { status: 'down' }), item(1, { status: 'unknown' }));
  expect(names()).toEqual(['srv-3', 'srv-1', 'srv-2', 'srv-10']);
  ask({ sort: 'name', desc: true });
  expect(names()).toEqual(['srv-10', 'srv-3', 'srv-2', 'srv-1']);
});

test('unknown numbers stand last in both directions', () => {
  const { names, ask } = storeOf(item(1), item(2, { latest: [] }), item(3));
  ask({ sort: 'cpu' });
  expect(names()).toEqual(['srv-1', 'srv-3', 'srv-2']);
  ask({ sort: 'cpu', desc: true });
  expect(names()).toEqual(['srv-3', 'srv-1', 'srv-2']);
});

test('every word of the filter must be found, in name, host, site or address', () => {
  const { names, ask } = storeOf(item(1), item(2, { siteName: 'Paris' }), item(3, { hostname: 'Berlin-db' }));
  ask({ q: 'BER srv-3' });
  expect(names()).toEqual(['srv-3']);
  ask({ q: 'par' });
  expect(names()).toEqual(['srv-2']);
});

test('an order by live numbers moves at most every five seconds, a status at once', () => {
  const { names, store, clock, ask } = storeOf(item(1), item(2));
  ask({ sort: 'cpu', desc: true });
  expect(names()).toEqual(['srv-2', 'srv-1']);
  store.take(metrics(1, 2_000, { 'cpu.used_ratio': 0.99 }));
  expect(names()).toEqual(['srv-2', 'srv-1']);
  clock.now += 5_000;
  expect(names()).toEqual(['srv-1', 'srv-2']);
  ask({ status: 'down' });
  store.take({ kind: 'device', site, device: id(2), at: 300, status: 'down' });
  expect(names()).toEqual(['srv-2']);
});

test('a device that is gone from the list is forgotten, and the others keep their values', () => {
  const { store, names } = storeOf(item(1), item(2), item(3));
  store.keepOnly(new Set([id(1), id(3)]));
  expect(names()).toEqual(['srv-1', 'srv-3']);
  expect(store.take(metrics(2, 1, {}))).toBe(false);
  store.take(metrics(3, 2_000, { 'cpu.used_ratio': 0.5 }));
  expect(store.columns.cpu).toEqual([0.01, 0.5]);
});

test('many changes between two frames are one notice', () => {
  const { store, frames } = storeOf(item(1));
  let notices = 0;
  store.subscribe(() => {
    notices += 1;
  });
  for (let at = 2_000; at < 2_100; at += 1) store.take(metrics(1, at, {}));
  expect(frames).toHaveLength(1);
  for (const frame of frames) frame();
  expect(notices).toBe(1);
});
