// The feed coalesces, tells each viewer what it asked for and may see, writes it once, and lets a browser resume.
import { expect, test } from 'vitest';
import { can } from '#console/access/can.ts';
import { DeviceId, ManifestId, RelayId, SiteId } from '#shared/base/id.ts';
import { Change } from '#shared/model/change.ts';
import { glanceOfReadings } from '#shared/model/glance.ts';
import { ChangeFeed } from './change-feed.ts';
import type { NewsChange } from './waiting-changes.ts';

const uuid = (n: number) => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const siteA = SiteId.parse(uuid(0xa));
const siteB = SiteId.parse(uuid(0xb));
const device = (n: number) => DeviceId.parse(uuid(n));
const down = (n: number, at = 1, site = siteA): NewsChange => ({
  kind: 'device',
  site,
  device: device(n),
  at,
  status: 'down',
});

function scopeOf(permission: string) {
  const decision = can({ kind: 'system', part: 'test' }, permission);
  if (!decision.allowed) throw new Error('a part of the console may read');
  return decision.scope;
}
const everything = scopeOf('device.read');
const nothing = scopeOf('public');

/** A feed whose devices say their own number as processor share, plus what `values` says. */
function feedOf(run = 'run1') {
  const reads: string[] = [];
  const known = new Map<string, number>();
  const readings = (site: SiteId, id: DeviceId) => {
    reads.push(id);
    const value = known.get(`${site} ${id}`);
    if (value === undefined) return undefined;
    return {
      at: 1_000 + value,
      values: [
        { name: 'cpu.used_ratio', instance: '', value: value / 100 },
        { name: 'filesystem.used_ratio', instance: '/var', value: 0.123_456 },
      ],
    };
  };
  const glance = (site: SiteId, id: DeviceId) => {
    const latest = readings(site, id);
    return latest === undefined ? undefined : { at: latest.at, glance: glanceOfReadings(latest.values) };
  };
  const feed = new ChangeFeed({ run, latest: { glance, readings } });
  const poll = (n: number, value: number, site = siteA) => {
    known.set(`${site} ${device(n)}`, value);
    feed.publishMoved(site, [device(n)]);
  };
  return { feed, reads, known, poll };
}

interface Look {
  isFleet?: boolean;
  watched?: number[];
  scope?: typeof everything;
  lastId?: string;
}

/** A viewer, and what it was told: the first answer, then each flush. */
function look(feed: ChangeFeed, { isFleet = false, watched = [], scope = everything, lastId }: Look = {}) {
  const got: Uint8Array[] = [];
  const viewer = { scope, isFleet, watched: new Set(watched.map(device)), onBytes: (b: Uint8Array) => got.push(b) };
  const following = feed.follow(viewer, lastId);
  const told = () => textOf(got).events;
  return { got, told, first: textOf(following ? [following.first] : []), stop: () => following?.stop(), following };
}

/** As a browser reads it: events have data; the id may stand in a block of its own. */
function textOf(bytes: readonly Uint8Array[]) {
  const blocks = bytes
    .map((b) => new TextDecoder().decode(b))
    .join('')
    .split('\n\n')
    .slice(0, -1);
  const lineOf = (block: string, name: string) =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  return {
    ids: blocks.map((block) => lineOf(block, 'id')),
    lastId: blocks.flatMap((block) => lineOf(block, 'id') ?? []).at(-1),
    events: blocks.flatMap((block) => {
      const data = lineOf(block, 'data');
      return data === undefined ? [] : [JSON.parse(data)];
    }),
  };
}

test('changes of one subject between two flushes become the last of them', () => {
  const { feed } = feedOf();
  const viewer = look(feed);
  feed.publish(down(1, 1));
  feed.publish(down(2, 5));
  feed.publish(down(1, 2));
  expect(viewer.told()).toEqual([]);
  feed.flush();
  expect(viewer.told()).toEqual([down(2, 5), down(1, 2)]);
});

test('everybody is told of states, links, actions and the estate, and of values only who asked', () => {
  const { feed, poll } = feedOf();
  const plain = look(feed);
  const news: NewsChange[] = [
    down(1),
    { kind: 'relay', site: siteA, relay: RelayId.parse(uuid(7)), at: 1, isConnected: true, backlog: 0 },
    { kind: 'action', site: siteA, action: ManifestId.parse(uuid(8)), at: 1, state: 'settled' },
    { kind: 'estate', what: 'tags', devices: [device(1)] },
  ];
  for (const change of news) feed.publish(change);
  poll(1, 10);
  feed.flush();
  expect(plain.told()).toEqual(news);
});

test('of entries in a log only who watches that device and may see it is told, once in a flush', () => {
  const { feed } = feedOf();
  const viewer = look(feed, { watched: [1] });
  const others = [look(feed), look(feed, { watched: [2] }), look(feed, { watched: [1], scope: nothing })];
  const told = { kind: 'told', site: siteA, device: device(1) } as const;
  for (const what of ['log', 'way', 'log'] as const) feed.publishTold({ ...told, what });
  feed.flush();
  feed.flush();
  expect(viewer.told().map((change) => Change.parse(change))).toEqual([
    { ...told, what: 'log' },
    { ...told, what: 'way' },
  ]);
  expect(others.map((one) => one.told())).toEqual([[], [], []]);
});

test('who shows the fleet is told of all devices of a flush in one event, finely enough for a list', () => {
  const { feed, poll } = feedOf();
  const viewer = look(feed, { isFleet: true });
  poll(1, 10);
  poll(2, 20, siteB);
  poll(1, 11);
  feed.flush();
  const [glances, ...rest] = viewer.told();
  expect(rest).toEqual([]);
  expect(Change.parse(glances)).toMatchObject({
    kind: 'glances',
    device: [device(1), device(2)],
    at: [1_011, 1_020],
    cpu: [0.11, 0.2],
    disk: [0.1235, 0.1235],
    mount: ['/var', '/var'],
    load: [null, null],
  });
});

test('who watches a device is told all its values, of no other, and the id stands with the last event', () => {
  const { feed, poll } = feedOf();
  const both = look(feed, { isFleet: true, watched: [1] });
  const alone = look(feed, { watched: [1] });
  poll(1, 10);
  poll(2, 20);
  feed.flush();
  const values = { 'cpu.used_ratio': 0.1, 'filesystem.used_ratio /var': 0.123_456 };
  expect(alone.told()).toEqual([{ kind: 'metrics', site: siteA, device: device(1), at: 1_010, values }]);
  expect(both.told().map(({ kind }) => kind)).toEqual(['metrics', 'glances']);
  expect(textOf(both.got).ids).toEqual([undefined, 'run1.1']);
  expect(textOf(alone.got).ids).toEqual(['run1.1']);
});

test('what many viewers are told is written once', () => {
  const { feed, poll, reads } = feedOf();
  const viewers = [look(feed, { isFleet: true }), look(feed, { isFleet: true }), look(feed, { isFleet: true })];
  poll(1, 10);
  feed.flush();
  expect(reads).toEqual([device(1)]);
  expect(new Set(viewers.map(({ got }) => got[0])).size).toBe(1);
});

test('values are not even read while nobody looks', () => {
  const { feed, poll, reads } = feedOf();
  look(feed);
  poll(1, 10);
  feed.flush();
  expect(reads).toEqual([]);
});

test('who may see nothing is told of nothing, however it asks', () => {
  const { feed, poll } = feedOf();
  poll(1, 10);
  feed.publish(down(1));
  feed.flush();
  const viewer = look(feed, { isFleet: true, watched: [1], scope: nothing, lastId: 'run1.0' });
  expect(viewer.first.events).toEqual([]);
  poll(1, 11);
  feed.publish(down(1));
  feed.flush();
  expect(viewer.told()).toEqual([]);
});

test('a returning browser gets exactly what it missed, and of values only the newest', () => {
  const { feed, poll } = feedOf();
  for (let n = 1; n <= 5; n += 1) {
    feed.publish(down(n));
    poll(9, n);
    feed.flush();
  }
  const { first } = look(feed, { isFleet: true, watched: [9], lastId: 'run1.3' });
  expect(first.events.slice(0, 2)).toEqual([down(4), down(5)]);
  expect(first.events.slice(2)).toMatchObject([
    { kind: 'glances', at: [1_005] },
    { kind: 'metrics', at: 1_005 },
  ]);
  expect(first.lastId).toBe('run1.5');
});

test('a browser that was told nothing yet knows where it stands', () => {
  const { feed } = feedOf();
  feed.publish(down(1));
  feed.flush();
  const fresh = look(feed);
  expect(fresh.first).toMatchObject({ events: [], lastId: 'run1.1' });
  feed.publish(down(2));
  feed.flush();
  expect(look(feed, { lastId: 'run1.1' }).first.events).toEqual([down(2)]);
  expect(textOf([feed.heartbeat()]).lastId).toBe('run1.2');
});

test.each([
  ['of an earlier run', 'run0.1'],
  ['of the future', 'run1.99'],
  ['that is none of ours', '17'],
  ['that is not even one', '<script>'],
])('an id %s asks for a fresh start', (_name, lastId) => {
  const { feed } = feedOf();
  feed.publish(down(1));
  feed.flush();
  expect(look(feed, { lastId }).first).toMatchObject({ events: [{ kind: 'reset' }], lastId: 'run1.1' });
});

test('an id that the ring no longer reaches asks for a fresh start, and one that it does not', () => {
  const { feed } = feedOf();
  feed.publish(down(1));
  feed.flush();
  for (let turn = 0; turn < 2; turn += 1) {
    for (let n = 0; n < 40_000; n += 1) feed.publish(down(n));
    feed.flush();
  }
  expect(look(feed, { lastId: 'run1.1' }).first.events).toEqual([{ kind: 'reset' }]);
  expect(look(feed, { lastId: 'run1.2' }).first.events).toHaveLength(40_000);
  expect(feed.stats().kept).toBe(65_536);
});

test('more glances than a list has rows for is a fresh start', () => {
  const { feed, poll } = feedOf();
  for (let n = 0; n <= 5_000; n += 1) poll(n, 1);
  feed.flush();
  expect(look(feed, { isFleet: true, lastId: 'run1.0' }).first.events).toEqual([{ kind: 'reset' }]);
  expect(look(feed, { lastId: 'run1.0' }).first.events).toEqual([]);
});

test('changes of the estate join their devices, and many of them are any', () => {
  const { feed } = feedOf();
  const viewer = look(feed);
  for (let n = 0; n < 3; n += 1) feed.publish({ kind: 'estate', what: 'tags', site: siteA, devices: [device(n)] });
  for (let n = 0; n < 501; n += 1) feed.publish({ kind: 'estate', what: 'devices', site: siteA, devices: [device(n)] });
  feed.publish({ kind: 'estate', what: 'groups' });
  feed.publish({ kind: 'estate', what: 'groups', devices: [device(1)] });
  feed.flush();
  expect(viewer.told()).toEqual([
    { kind: 'estate', what: 'tags', site: siteA, devices: [device(0), device(1), device(2)] },
    { kind: 'estate', what: 'devices', site: siteA },
    { kind: 'estate', what: 'groups' },
  ]);
  for (const change of viewer.told()) Change.parse(change);
});

test('a device that is gone is told no more', () => {
  const { feed, poll, known } = feedOf();
  const viewer = look(feed, { isFleet: true, watched: [1] });
  poll(1, 10);
  known.clear();
  feed.flush();
  expect(viewer.told()).toEqual([]);
});

test('a relay that names a device of another site replaces no news there', () => {
  const { feed } = feedOf();
  const viewer = look(feed);
  feed.publish(down(1, 1, siteA));
  feed.publish(down(1, 666, siteB));
  feed.flush();
  expect(viewer.told()).toEqual([down(1, 1, siteA), down(1, 666, siteB)]);
});

test('a viewer that stopped hears nothing more, and viewers are bounded', () => {
  const { feed } = feedOf();
  const gone = look(feed);
  gone.stop();
  feed.publish(down(1));
  feed.flush();
  expect(gone.told()).toEqual([]);
  for (let n = 0; n < 1_000; n += 1) look(feed);
  expect(look(feed).following).toBeUndefined();
  expect(feed.stats().viewers).toBe(1_000);
});
