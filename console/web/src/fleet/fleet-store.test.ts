// The fleet store keeps the newest word on each device, and filters and orders as people expect.
import { expect, test } from 'vitest';
import { parseFilter } from '#shared/base/filter/parse-filter.ts';
import { DeviceId, SiteId } from '#shared/base/id.ts';
import type { DeviceChange, GlancesChange } from '#shared/model/change.ts';
import { FLEET_FIELDS } from '#shared/model/fleet-fields.ts';
import { type Example, fleetAnswer, idOf } from './fleet-example.ts';
import { type FleetAnswer, tagsOf } from './fleet-rows.ts';
import { type FleetQuery, FleetStore, isOfLater } from './fleet-store.ts';

const site = SiteId.parse(idOf(0xffff));
const NOW = 10_000_000;

function queryOf(q: string, sort = 'status'): FleetQuery {
  const parsed = parseFilter(q, FLEET_FIELDS);
  if (!parsed.ok) throw new Error(parsed.message);
  return { filter: parsed.filter, sort: sort.replace('-', ''), isDescending: sort.startsWith('-') };
}

function storeOf(...examples: Example[]) {
  const clock = { now: 1_000_000 };
  const frames: Array<() => void> = [];
  const deps = { frame: (callback: () => void) => frames.push(callback), now: () => clock.now };
  const store = new FleetStore({ ...deps, consoleNow: () => NOW });
  store.load(fleetAnswer(examples));
  const namesOf = (query: FleetQuery) => store.view(query).map((row) => store.rows.name[row]);
  return { store, clock, frames, namesOf, names: (q: string, sort?: string) => namesOf(queryOf(q, sort)) };
}

type Values = Partial<Record<'cpu' | 'memory' | 'disk' | 'load' | 'uptime' | 'rx' | 'tx', number>>;
const glances = (n: number, at: number, values: Values = {}, mount = ''): GlancesChange => ({
  kind: 'glances',
  device: [DeviceId.parse(idOf(n))],
  at: [at],
  mount: [mount],
  cpu: [values.cpu ?? null],
  memory: [values.memory ?? null],
  disk: [values.disk ?? null],
  load: [values.load ?? null],
  uptime: [values.uptime ?? null],
  rx: [values.rx ?? null],
  tx: [values.tx ?? null],
});
const status = (n: number, at: number, to: 'up' | 'down') =>
  ({ kind: 'device', site, device: DeviceId.parse(idOf(n)), at, status: to, reason: 'timed-out' }) as const;

test('a list that is older than the feed takes nothing back', () => {
  const { store } = storeOf({ n: 1, cpu: 0.1 });
  expect(store.takeGlances(glances(1, NOW + 2_000, { cpu: 0.9, disk: 0.5 }, '/var'))).toBe(true);
  store.takeStatus(status(1, NOW + 200, 'down'));
  store.load(fleetAnswer([{ n: 2 }, { n: 1, cpu: 0.1 }]));
  const row = store.rowOf(idOf(1)) ?? -1;
  expect(row).toBe(1);
  expect(store.rows.cpu[row]).toBe(0.9);
  expect(store.rows.words.at(store.rows.mount[row])).toBe('/var');
  expect(store.rows.status[row]).toBe(0);
  expect(store.rows.words.at(store.rows.reason[row])).toBe('timed-out');
});

test('a list that is newer than the feed is believed, and an older poll is not', () => {
  const { store } = storeOf({ n: 1, cpu: 0.1, polledAt: 5_000 });
  store.takeGlances(glances(1, 4_000, { cpu: 0.9 }));
  expect(store.rows.cpu[0]).toBe(0.1);
  store.takeGlances(glances(1, 6_000, { cpu: 0.9 }));
  store.load(fleetAnswer([{ n: 1, cpu: 0.2, polledAt: 7_000 }]));
  expect(store.rows.cpu[0]).toBe(0.2);
});

test('a value the newest poll does not know is unknown, not the former one', () => {
  const { store } = storeOf({ n: 1, cpu: 0.1 });
  store.takeGlances(glances(1, NOW, { load: 1 }));
  expect(store.rows.cpu[0]).toBeNaN();
});

test('a change of a device that no list named is reported, and the others are taken', () => {
  const { store } = storeOf({ n: 1 });
  const both = glances(9, NOW, { cpu: 0.5 });
  both.device.push(DeviceId.parse(idOf(1)));
  both.at.push(NOW);
  both.cpu.push(0.7);
  expect(store.takeGlances(both)).toBe(false);
  expect(store.rows.cpu[0]).toBe(0.7);
  expect(store.takeStatus(status(9, 1, 'up'))).toBe(false);
});

test('of two polls of a device in one change the newer stands, whichever comes first', () => {
  const { store } = storeOf({ n: 1 });
  const both = glances(1, NOW + 2, { cpu: 0.5 });
  both.device.push(DeviceId.parse(idOf(1)));
  both.at.push(NOW + 1);
  both.cpu.push(0.7);
  store.takeGlances(both);
  expect(store.rows.cpu[0]).toBe(0.5);
  expect(store.rows.polled[0]).toBe(NOW + 2);
});

test('a mount point stays text, whatever it holds', () => {
  const { store } = storeOf({ n: 1 });
  store.takeGlances(glances(1, NOW, { disk: 0.7 }, '/var\u202e'));
  expect(store.rows.words.at(store.rows.mount[0])).toBe('/var\\u202e');
});

test('trouble stands first, then names as people count', () => {
  const { names } = storeOf({ n: 10 }, { n: 2 }, { n: 3, status: 'down' }, { n: 1, status: 'unknown' });
  expect(names('')).toEqual(['srv-3', 'srv-1', 'srv-2', 'srv-10']);
  expect(names('', '-name')).toEqual(['srv-10', 'srv-3', 'srv-2', 'srv-1']);
});

test('unknown numbers stand last in both directions, by name', () => {
  const { names } = storeOf({ n: 4 }, { n: 1, cpu: 0.1 }, { n: 2 }, { n: 3, cpu: 0.3 });
  expect(names('', 'cpu')).toEqual(['srv-1', 'srv-3', 'srv-2', 'srv-4']);
  expect(names('', '-cpu')).toEqual(['srv-3', 'srv-1', 'srv-2', 'srv-4']);
});

test.each([
  ['BER srv-3', ['srv-3']],
  ['site:par', ['srv-2']],
  ['customer="Example GmbH" -site:par', ['srv-1', 'srv-3']],
  ['status:down,unknown', ['srv-2']],
  ['tag:sql', ['srv-1']],
  ['sql', ['srv-1']],
  ['group:"Domain controllers"', ['srv-3']],
  ['cpu>80%', ['srv-1']],
  ['not has:cpu', ['srv-2', 'srv-3']],
  ['has:tag', ['srv-1']],
  ['polled>1h', ['srv-3']],
  ['simulated:yes', ['srv-2']],
  ['os:debian or hostname:berlin-db', ['srv-1', 'srv-3']],
  ['name=srv-*1', ['srv-1']],
  ['nothing-of-it', []],
])('the filter %s finds %j', (q, found) => {
  const { names } = storeOf(
    { n: 1, cpu: 0.9, tags: ['sql', 'prod'], os: 'Debian 12' },
    { n: 2, site: 'Paris', status: 'down', isSimulated: true },
    { n: 3, hostname: 'Berlin-db', groups: ['Domain controllers'], polledAt: NOW - 3_700_000 },
  );
  expect(names(q, 'name')).toEqual(found);
});

test('a term that only the console can answer holds for the devices it named, until the next load', () => {
  const { store, namesOf } = storeOf({ n: 1 }, { n: 2 });
  const query: FleetQuery = {
    filter: { type: 'has', field: 'software:nginx', as: 'text' },
    sort: 'name',
    isDescending: false,
  };
  expect(namesOf(query)).toEqual([]);
  store.mark('software:nginx', [idOf(2), idOf(77)]);
  expect(namesOf(query)).toEqual(['srv-2']);
  store.load(fleetAnswer([{ n: 1 }, { n: 2 }]));
  expect(namesOf(query)).toEqual([]);
});

test('an order by live numbers moves at most every five seconds, a status at once', () => {
  const { namesOf, store, clock } = storeOf({ n: 1, cpu: 0.1 }, { n: 2, cpu: 0.2 });
  const byCpu = queryOf('', '-cpu');
  expect(namesOf(byCpu)).toEqual(['srv-2', 'srv-1']);
  store.takeGlances(glances(1, NOW, { cpu: 0.99 }));
  expect(namesOf(byCpu)).toEqual(['srv-2', 'srv-1']);
  clock.now += 5_000;
  expect(namesOf(byCpu)).toEqual(['srv-1', 'srv-2']);
  const down = queryOf('status:down');
  expect(namesOf(down)).toEqual([]);
  store.takeStatus(status(2, NOW, 'down'));
  expect(namesOf(down)).toEqual(['srv-2']);
});

test('a list that did not move is the same list', () => {
  const { store, clock } = storeOf({ n: 1, cpu: 0.1 }, { n: 2, cpu: 0.2 });
  const byCpu = queryOf('', '-cpu');
  const before = store.view(byCpu);
  clock.now += 5_000;
  store.takeGlances(glances(1, NOW, { cpu: 0.11 }));
  expect(store.view(byCpu)).toBe(before);
});

test('a device that is gone from the list is forgotten, and the others keep their values', () => {
  const { store, names } = storeOf({ n: 1 }, { n: 2, tags: ['b'] }, { n: 3, tags: ['a', 'b'] });
  store.takeGlances(glances(3, NOW + 1, { cpu: 0.5 }));
  store.load(fleetAnswer([{ n: 1 }, { n: 3, tags: ['a', 'b'] }]));
  expect(names('')).toEqual(['srv-1', 'srv-3']);
  expect(store.rowOf(idOf(2))).toBeUndefined();
  expect(store.rows.cpu[1]).toBe(0.5);
  expect(tagsOf(store.rows, 1)).toEqual(['a', 'b']);
});

test('many changes between two frames are one notice', () => {
  const { store, frames } = storeOf({ n: 1 });
  for (const frame of frames.splice(0)) frame();
  let notices = 0;
  store.subscribe(() => {
    notices += 1;
  });
  for (let at = 2_000; at < 2_100; at += 1) store.takeGlances(glances(1, at));
  expect(frames).toHaveLength(1);
  for (const frame of frames) frame();
  expect(notices).toBe(1);
});

test('only a row that changed has another stamp', () => {
  const { store } = storeOf({ n: 1 }, { n: 2 });
  const before = [...store.rows.stamp];
  store.takeGlances(glances(2, NOW, { cpu: 0.5 }));
  expect(store.rows.stamp[0]).toBe(before[0]);
  expect(store.rows.stamp[1]).not.toBe(before[1]);
});

const EMPTY = {
  hostname: [],
  os: [],
  user: [],
  serial: [],
  statusAt: [],
  addedAt: [],
  cpu: [],
  memory: [],
  disk: [],
  mount: [],
  load: [],
};
const rowsOf = (answer: FleetAnswer): FleetAnswer => ({ ...answer, ...EMPTY, uptimeMs: [], rx: [], tx: [] });

test('rows stand before their numbers, which are unknown until they come and never older than the feed', () => {
  const answer = {
    ...fleetAnswer([
      { n: 1, cpu: 0.1 },
      { n: 2, cpu: 0.2 },
    ]),
    words: ['up', '/srv'],
    mount: [1, 1],
  };
  const { store } = storeOf();
  store.load(rowsOf(answer));
  expect([store.hasReadings(), store.rows.cpu[0], store.rows.mount[0]]).toEqual([false, Number.NaN, -1]);
  store.takeGlances(glances(2, NOW, { cpu: 0.9 }));
  const stamp = store.rows.stamp[0] ?? 0;
  expect(store.loadReadings(answer)).toBe(true);
  expect([store.hasReadings(), ...store.rows.cpu]).toEqual([true, 0.1, 0.9]);
  expect([...store.rows.polled]).toEqual([answer.polledAt[0], NOW]);
  expect(store.rows.words.at(store.rows.mount[0])).toBe('/srv');
  expect(store.rows.stamp[0]).toBeGreaterThan(stamp);
});

test('serial numbers that come later are found then, and a status told meanwhile keeps its time', () => {
  const answer = { ...fleetAnswer([{ n: 1 }, { n: 2 }]), serial: ['SN-77', null], statusAt: [5, 6] };
  const { store, names } = storeOf();
  store.load(rowsOf(answer));
  expect([names('sn-77', 'name'), isOfLater(queryOf('sn-77')), isOfLater(queryOf('site:x'))]).toEqual([
    [],
    true,
    false,
  ]);
  store.take({ kind: 'device', device: idOf(2), at: 9, status: 'down' } as DeviceChange); // ids are plain texts here
  expect(store.loadReadings(answer)).toBe(true);
  expect(names('sn-77', 'name')).toEqual(['srv-1']);
  expect([...store.rows.statusAt]).toEqual([5, 9]);
});

test('host names, systems and users that come later are found then', () => {
  const answer = fleetAnswer([{ n: 1, hostname: 'Berlin-db', os: 'Debian 12' }, { n: 2 }]);
  const { store, names } = storeOf();
  store.load({ ...rowsOf(answer), words: ['up'] });
  expect([names('hostname:berlin', 'name'), names('os:debian', 'name')]).toEqual([[], []]);
  expect(['hostname:x', 'os:x', 'user:x', 'name:x'].map((text) => isOfLater(queryOf(text)))).toEqual([
    ...[true, true, true, false],
  ]);
  expect(store.loadReadings(answer)).toBe(true);
  expect([names('hostname:berlin', 'name'), names('os:debian', 'name')]).toEqual([['srv-1'], ['srv-1']]);
});

test('numbers of other rows are not taken', () => {
  const { store } = storeOf();
  store.load(rowsOf(fleetAnswer([{ n: 1 }, { n: 2 }])));
  expect(store.loadReadings(fleetAnswer([{ n: 2 }, { n: 3 }]))).toBe(false);
  expect(store.loadReadings({ ...rowsOf(fleetAnswer([{ n: 1 }, { n: 2 }])) })).toBe(false);
  expect(store.hasReadings()).toBe(false);
});

test('rows that came by name stay as they came', () => {
  const { store, names } = storeOf();
  store.load({ ...fleetAnswer([{ n: 2 }, { n: 1 }]), isByName: true });
  expect(names('', 'name')).toEqual(store.rows.name);
});

test('the same question is answered once, until something changes', () => {
  const { store, clock } = storeOf({ n: 1, cpu: 0.1 }, { n: 2, cpu: 0.9 });
  const { filter } = queryOf('cpu>50%');
  const first = store.fitting(filter);
  expect(store.fitting(queryOf('cpu>50%').filter)).toBe(first);
  store.takeGlances(glances(1, NOW + 1, { cpu: 0.8 }));
  expect(store.fitting(filter)).toHaveLength(2);
  const second = store.fitting(filter);
  clock.now += 1_000;
  expect(store.fitting(filter)).not.toBe(second);
});
