// Proves that the index says what the database says, follows what the other rooms tell, and shows nobody more than their scope.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Devices } from '#console/devices/devices.ts';
import { RelayRecords } from '#console/devices/relay-records.ts';
import { Inventory } from '#console/inventory/inventory.ts';
import { GroupId, newId } from '#shared/base/id.ts';
import { emptyGlance } from '#shared/model/glance.ts';
import type { FactRecord } from '#shared/model/record.ts';
import { scopeOf } from '#test/fixtures/fleet-kit.ts';
import { identityNo, wish } from '#test/repository/devices-suite.ts';
import { caller, makeEstate, scope } from '#test/repository/estate.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';
import { FleetIndex, type MembershipChange } from './fleet-index.ts';

async function makeFleet() {
  const estate = await makeEstate(sqliteEngine);
  const told: MembershipChange[] = [];
  const failures: unknown[] = [];
  const make = () =>
    new FleetIndex({
      ...estate,
      onMembership: (some) => told.push(...some),
      onFailure: (error) => failures.push(error),
    });
  const fleet = make();
  const deps = {
    ...estate,
    onRosterChanged: () => undefined,
    onDevicesChanged: (ids: Iterable<string>) => fleet.onDevicesChanged(ids),
    outlets: {
      onDevicesChanged: (ids: Iterable<string>) => fleet.onDevicesChanged(ids),
      onDevicesRemoved: (gone: ReadonlyArray<{ id: string }>) => fleet.onDevicesChanged(gone.map(({ id }) => id)),
    },
    onStates: (_site: unknown, states: Parameters<FleetIndex['onStates']>[0]) => fleet.onStates(states),
    onFacts: (facts: Parameters<FleetIndex['onFacts']>[0]) => fleet.onFacts(facts),
  };
  const rooms = { devices: new Devices(deps), records: new RelayRecords(deps), inventory: new Inventory(deps) };
  const names = async (filter?: string, sort?: string) => {
    await fleet.settled();
    return fleet
      .list(scope, { filter, limit: 100, ...(sort === undefined ? {} : { sort }) })
      .items.map(({ name }) => name);
  };
  const addGroup = async (name: string, rule: string | null, parentId: string | null = null) => {
    const id = GroupId.parse(newId(estate.clock.now(), estate.random));
    await estate.store.db
      .insertInto('device_group')
      .values({
        id,
        name,
        description: '',
        kind: rule === null ? 'hand' : 'rule',
        rule,
        parent_id: parentId,
        is_shipped: 0,
        created_at: 1,
      })
      .execute();
    fleet.onGroupsChanged();
    await fleet.settled();
    return id;
  };
  /** Runs the index's own loop for a while. */
  const running = () => {
    const stopping = new AbortController();
    const done = fleet.run(stopping.signal);
    const stop = async () => {
      stopping.abort();
      await done;
    };
    return { stop };
  };
  const link = await estate.addRelay();
  await fleet.load();
  return { ...estate, ...rooms, fleet, make, told, failures, names, addGroup, running, link };
}

const fact = (device: FactRecord['device'], kind: string, body: unknown): FactRecord => {
  const text = JSON.stringify(body);
  return { type: 'fact', device, kind, at: 5, hash: createHash('sha256').update(text).digest('hex'), body: text };
};

test('before it is loaded it answers unavailable, not an empty fleet', async () => {
  const { make } = await makeFleet();
  expect(() => make().list(scope, { limit: 1 })).toThrow(expect.objectContaining({ code: 'unavailable' }));
});

test('what is told while it reads everything is there once that is settled', async () => {
  const { devices, link, make, failures } = await makeFleet();
  await devices.create(caller, scope, wish(link.relay, 'alpha'));
  const young = make();
  const loading = young.load();
  const { id } = await devices.create(caller, scope, wish(link.relay, 'beta'));
  young.onDevicesChanged([id]);
  young.onStates([{ type: 'state', device: id, at: 9, status: 'down' }]);
  await young.settled();
  expect(young.match(scope, 'name:*')).toHaveLength(2);
  await loading;
  expect(failures).toEqual([]);
});

test('devices made, changed and removed are followed, states and facts too', async () => {
  const { devices, records, inventory, store, link, names, fleet, failures } = await makeFleet();
  const a = (await devices.create(caller, scope, wish(link.relay, 'alpha'))).id;
  const b = (await devices.create(caller, scope, wish(link.relay, 'beta'))).id;
  expect(await names()).toEqual(['alpha', 'beta']);
  await store.transaction((tx) =>
    records.applyStates(tx, link, [{ type: 'state', device: a, at: 9, status: 'down', reason: 'timed-out' }]),
  );
  expect(await names('status:down reason:timed')).toEqual(['alpha']);
  const packages = { packages: [{ name: 'nginx' }, { name: 'curl' }] };
  await store.transaction((tx) => inventory.applyFacts(tx, link, [fact(b, 'packages', packages)]));
  expect(await names('software=nginx')).toEqual(['beta']);
  await store.transaction((tx) =>
    records.applyIdentities(tx, link, [
      {
        type: 'identity',
        device: b,
        at: 1,
        verdict: 'new',
        identity: { ...identityNo(1), serial: 'sn-77' },
        system: 'freebsd',
      },
    ]),
  );
  expect(await names('system:freebsd serial:sn-77')).toEqual(['beta']);
  await devices.remove(caller, scope, a);
  expect(await names()).toEqual(['beta']);
  expect(fleet.stats()).toMatchObject({ devices: 1, isBehind: false });
  expect(failures).toEqual([]);
});

test('what was followed and what is read at a start are the same', async () => {
  const { devices, records, inventory, store, link, fleet, make, addGroup } = await makeFleet();
  const ids = await devices.createMany(
    caller,
    Array.from({ length: 7 }, (_, n) => wish(link.relay, `d-${n}`)),
  );
  const [a, b, c, d, e, tagged = raise(), chosen = raise()] = ids;
  const facts = [
    fact(a ?? raise(), 'hardware', { serial: 'S1', chassisType: 10 }),
    fact(b ?? raise(), 'os', { prettyName: 'Debian GNU/Linux 12', hostname: 'deb' }),
    fact(c ?? raise(), 'os', { prettyName: 'Debian GNU/Linux 12', hostname: 'deb' }),
    fact(c ?? raise(), 'network', { interfaces: [{ addresses: ['192.0.2.9/24', '::1/128'] }] }),
    fact(d ?? raise(), 'users', {
      users: [
        { name: 'root', uid: 0 },
        { name: 'carol', uid: 1000 },
      ],
    }),
    fact(e ?? raise(), 'services', { services: [{ name: 'sshd.service' }] }),
  ];
  await store.transaction(async (tx) => {
    await inventory.applyFacts(tx, link, facts);
    await records.applyHostnames(tx, link, facts);
  });
  await store.db
    .insertInto('device_tag')
    .values([{ device_id: tagged, tag: 'sql' }])
    .execute();
  const hand = await addGroup('Chosen', null);
  await store.db.insertInto('device_group_member').values({ group_id: hand, device_id: chosen }).execute();
  fleet.onDevicesChanged([tagged, chosen]);
  await fleet.settled();
  const again = make();
  await again.load();
  const [one, other] = [fleet, again].map((index) => index.list(scope, { limit: 100 }));
  expect(one?.items).toHaveLength(7);
  expect(other).toEqual(one);
  for (const filter of [
    'address:192.0.2',
    'user:carol',
    'service=sshd',
    'tag:sql',
    'group:chosen',
    'type:laptop',
    'hostname:deb',
  ])
    expect(again.match(scope, filter), filter).toEqual(fleet.match(scope, filter));
  expect(fleet.match(scope, 'group:chosen')).toEqual([chosen]);
});

test('a scope that shows nothing shows nothing in any answer', async () => {
  const { devices, link, fleet, addGroup } = await makeFleet();
  const { id } = await devices.create(caller, scope, wish(link.relay, 'alpha'));
  await addGroup('All', 'name:*');
  const nothing = scopeOf('public');
  expect(fleet.list(nothing, { limit: 10 })).toEqual({ items: [], nextCursor: null, total: 0 });
  expect(fleet.device(nothing, id)).toBeUndefined();
  expect(
    fleet
      .search({ devices: nothing, sites: nothing, relays: nothing }, 'a', 10)
      .hits.filter(({ kind }) => kind !== 'group'),
  ).toEqual([]);
  expect(fleet.facets(nothing)).toMatchObject({ total: 0, site: [], group: [] });
  expect(fleet.columns(nothing)).toMatchObject({ id: [], sites: [], words: [] });
  expect(fleet.groups(nothing)).toMatchObject([{ devices: 0 }]);
});

test('its version grows with each change that columns show, and not with readings', async () => {
  const { devices, records, store, link, fleet, addGroup } = await makeFleet();
  const grows = async (act: () => unknown) => {
    const before = fleet.version;
    await act();
    await fleet.settled();
    return fleet.version > before;
  };
  const { id } = await devices.create(caller, scope, wish(link.relay, 'alpha'));
  expect(await grows(() => fleet.onDevicesChanged([id]))).toBe(true);
  expect(await grows(() => addGroup('All', 'name:*'))).toBe(true);
  expect(await grows(() => fleet.onSitesChanged())).toBe(true);
  expect(await grows(() => fleet.onRelaysChanged())).toBe(true);
  const down = { type: 'state', device: id, at: 9, status: 'down' } as const;
  expect(await grows(() => store.transaction((tx) => records.applyStates(tx, link, [down])))).toBe(true);
  expect(await grows(() => fleet.onGlance(id, 5, emptyGlance()))).toBe(false);
  expect(await grows(() => undefined)).toBe(false);
});

test('a filter, an order and a cursor that do not read are bad requests', async () => {
  const { fleet } = await makeFleet();
  const bad = expect.objectContaining({ code: 'bad-request' });
  expect(() => fleet.list(scope, { filter: 'colour:red', limit: 1 })).toThrow(bad);
  expect(() => fleet.list(scope, { sort: 'tag', limit: 1 })).toThrow(bad);
  expect(() => fleet.list(scope, { sort: 'constructor', limit: 1 })).toThrow(bad);
  expect(() => fleet.list(scope, { cursor: 'x', limit: 1 })).toThrow(bad);
});

test('membership follows state, tag and reading within two seconds, and is told once', async () => {
  const { devices, records, store, link, fleet, addGroup, running, clock, told } = await makeFleet();
  const { id } = await devices.create(caller, scope, wish(link.relay, 'alpha'));
  const down = await addGroup('Down', 'status:down');
  const busy = await addGroup('Busy', 'cpu>90%');
  const both = await addGroup('Both', 'group:busy', down);
  const loop = running();
  await store.transaction((tx) =>
    records.applyStates(tx, link, [{ type: 'state', device: id, at: 9, status: 'down' }]),
  );
  for (let i = 0; i < 8; i += 1) await clock.advance(250);
  expect(told).toEqual([expect.objectContaining({ device: id, groups: [down] })]);
  fleet.onGlance(id, 10, { ...emptyGlance(), cpu: 0.95 });
  for (let i = 0; i < 8; i += 1) await clock.advance(250);
  expect(told.slice(1)).toEqual([
    expect.objectContaining({ device: id, groups: expect.arrayContaining([down, busy, both]) }),
  ]);
  for (let i = 0; i < 8; i += 1) await clock.advance(250);
  expect(told).toHaveLength(2);
  await loop.stop();
});

test('a read that fails is told and done again', async () => {
  const estate = await makeEstate(sqliteEngine);
  const failures: unknown[] = [];
  const store = { db: estate.store.db };
  const fleet = new FleetIndex({ store, clock: estate.clock, onFailure: (error) => failures.push(error) });
  await fleet.load();
  const broken = new Proxy(estate.store.db, {
    get: () => () => {
      throw new Error('the disk is gone');
    },
  });
  store.db = broken;
  fleet.onSitesChanged();
  await fleet.settled();
  expect(failures).toHaveLength(1);
  expect(fleet.stats().isBehind).toBe(true);
  store.db = estate.store.db;
  const stopping = new AbortController();
  const loop = fleet.run(stopping.signal);
  await estate.clock.advance(250);
  await fleet.settled();
  expect(fleet.stats().isBehind).toBe(false);
  expect([...fleet.rows.sites.all()].map(([, { name }]) => name)).toEqual(['Main']);
  stopping.abort();
  await loop;
});

const raise = (): never => {
  throw new Error('no such device');
};
