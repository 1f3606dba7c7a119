// Devices and rosters on both engines.
import { describe, expect, test } from 'vitest';
import { Devices, type NewDevice } from '#console/devices/devices.ts';
import { RelayRecords } from '#console/devices/relay-records.ts';
import { DeviceId, newId, type RelayId } from '#shared/base/id.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import { caller, makeEstate, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

export async function makeDevices(engine: TestEngine) {
  const estate = await makeEstate(engine);
  /** Relays told of a new roster, in order. */
  const told: RelayId[] = [];
  const deps = { ...estate, onRosterChanged: (relay: RelayId) => told.push(relay) };
  const changed: DeviceId[] = [];
  const removed: DeviceId[] = [];
  const outlets = {
    onDevicesChanged: (ids: readonly DeviceId[]) => void changed.push(...ids),
    onDevicesRemoved: (gone: ReadonlyArray<{ id: DeviceId }>) => void removed.push(...gone.map(({ id }) => id)),
  };
  const devices = new Devices({ ...deps, outlets });
  const records = new RelayRecords(deps);
  const add = async (relayId: RelayId, name: string, more: Partial<NewDevice> = {}) =>
    (await devices.create(caller, scope, { ...wish(relayId, name), ...more })).id;
  return { ...estate, told, changed, removed, devices, records, add };
}

export const wish = (relayId: RelayId, name: string): NewDevice => ({
  relayId,
  name,
  transport: 'ssh',
  address: `${name}.test`,
  intervalMs: 60_000,
});

export const identityNo = (n: number): DeviceIdentity => ({
  smbiosUuid: `4c4c4544-0042-3510-8052-${String(n).padStart(12, '0')}`,
  machineId: `machine-${String(n).padStart(24, '0')}`,
  hostKey: `SHA256:${n}`,
  macs: [`0a:00:00:00:${String(Math.floor(n / 100)).padStart(2, '0')}:${String(n % 100).padStart(2, '0')}`],
});

export function defineDevicesTests(engine: TestEngine): void {
  describe(`devices on ${engine.name}`, () => {
    test('a device is made, shown as made, and its relay is told of a newer roster', async () => {
      const { devices, addRelay, told, clock, siteId } = await makeDevices(engine);
      const { relay } = await addRelay();
      const before = (await devices.rosterFor(relay)).version;
      const made = await devices.create(caller, scope, { ...wish(relay, 'a'), port: 2222, credential: 'root-key' });
      expect(made).toEqual({
        id: made.id,
        name: 'a',
        siteId,
        siteName: 'Main',
        customerId: expect.any(String),
        customerName: 'Default',
        relayId: relay,
        transport: 'ssh',
        address: 'a.test',
        port: 2222,
        isSimulated: false,
        status: 'unknown',
        statusReason: null,
        statusDetail: null,
        statusAt: null,
        system: 'unknown',
        hostname: null,
        credential: 'root-key',
        intervalMs: 60_000,
        ...{ spn: null, realm: null, share: null, way: null },
        identity: null,
        seenIdentity: null,
        setType: null,
        notes: '',
        links: [],
        tags: [],
        handGroups: [],
        createdAt: clock.now(),
      });
      expect(told).toEqual([relay]);
      const roster = await devices.rosterFor(relay);
      expect(roster.version).toBe(before + 1);
      expect(roster.devices).toEqual([
        {
          device: made.id,
          name: 'a',
          transport: 'ssh',
          address: 'a.test',
          port: 2222,
          credential: 'root-key',
          intervalMs: 60_000,
        },
      ]);
    });

    test('a thousand devices of two relays are made in one step, or none', async () => {
      const { devices, addRelay, told, verbs } = await makeDevices(engine);
      const [a, b] = [await addRelay(), await addRelay()];
      const many = Array.from({ length: 1_000 }, (_, i) => wish(i % 2 === 0 ? a.relay : b.relay, `d${i}`));
      const ids = await devices.createMany(caller, many);
      expect(new Set(ids).size).toBe(1_000);
      expect((await devices.rosterFor(a.relay)).devices).toHaveLength(500);
      expect(told).toHaveLength(2);
      expect((await verbs()).filter((verb) => verb === 'device.create')).toHaveLength(1);
      const tooMany = Array.from({ length: 1_501 }, (_, i) => wish(a.relay, `e${i}`));
      await expect(devices.createMany(caller, [wish(b.relay, 'f'), ...tooMany])).rejects.toMatchObject({
        code: 'too-large',
      });
      expect(await devices.countByStatus(scope)).toMatchObject({ unknown: 1_000, up: 0 });
      expect(told).toHaveLength(2);
    });

    test('no device is given to a relay that is unknown, revoked, or a leaf with a machine of its own', async () => {
      const { devices, addRelay, relays, add } = await makeDevices(engine);
      const unknown = (await addRelay()).relay;
      await relays.revoke(caller, unknown);
      await expect(add(unknown, 'a')).rejects.toMatchObject({ code: 'conflict' });
      const { relay } = await addRelay('leaf');
      await add(relay, 'own');
      await expect(add(relay, 'other')).rejects.toMatchObject({ code: 'too-large' });
      expect((await devices.rosterFor(relay)).devices).toHaveLength(1);
    });

    test('names may repeat; pages go by name and do not move when devices come', async () => {
      const { devices, addRelay, add } = await makeDevices(engine);
      const { relay } = await addRelay();
      for (const name of ['c', 'a', 'b', 'b', 'b']) await add(relay, name);
      const first = await devices.list(scope, { limit: 2 });
      await add(relay, 'aa');
      const second = await devices.list(scope, { limit: 2, cursor: first.nextCursor ?? '' });
      const third = await devices.list(scope, { limit: 2, cursor: second.nextCursor ?? '' });
      expect([first, second, third].map((page) => page.items.map((one) => one.name))).toEqual([
        ['a', 'b'],
        ['b', 'b'],
        ['c'],
      ]);
      expect(new Set([first, second, third].flatMap((page) => page.items.map((one) => one.id))).size).toBe(5);
      expect(third.nextCursor).toBeNull();
    });

    test('a list can be of one site', async () => {
      const { devices, sites, addRelay, add, siteId } = await makeDevices(engine);
      const other = await sites.create(caller, { name: 'Other', isSimulated: true });
      const [here, there] = [await addRelay('site', siteId), await addRelay('site', other.id)];
      await add(here.relay, 'here');
      await add(there.relay, 'there');
      const page = await devices.list(scope, { limit: 10, siteId: other.id });
      expect(page.items.map((one) => [one.name, one.siteName, one.isSimulated])).toEqual([['there', 'Other', true]]);
      expect((await devices.rosterFor(there.relay)).devices[0]?.simulated).toBe(true);
    });

    test('a word names one device by id or name; an unknown or shared name is refused', async () => {
      const { devices, addRelay, add, siteId, records, store } = await makeDevices(engine);
      const link = await addRelay();
      const [a, b, c] = [await add(link.relay, 'a'), await add(link.relay, 'twin'), await add(link.relay, 'twin')];
      // A device that is called like another's id is not that other one.
      const thief = await add(link.relay, a);
      await store.transaction((tx) =>
        records.applyIdentities(tx, link, [
          { type: 'identity', device: a, at: 1, verdict: 'new', identity: identityNo(1), system: 'linux' },
        ]),
      );
      expect(await devices.targets(scope, { words: ['a', a, b] })).toEqual([
        { id: a, name: 'a', siteId, relayId: link.relay, identity: identityNo(1) },
        { id: b, name: 'twin', siteId, relayId: link.relay, identity: { macs: [] } },
      ]);
      await expect(devices.targets(scope, { words: ['none'] })).rejects.toMatchObject({ code: 'not-found' });
      const ambiguous = devices.targets(scope, { words: ['twin'] });
      await expect(ambiguous).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(c) });
      const all = await devices.targets(scope, { words: [], siteId });
      expect(new Set(all.map((target) => target.id))).toEqual(new Set([a, b, c, thief]));
      await expect(devices.targets(scope, { words: [] })).rejects.toMatchObject({ code: 'bad-request' });
    });

    test('changing or removing a device raises the roster and is audited', async () => {
      const { devices, addRelay, add, told, verbs } = await makeDevices(engine);
      const { relay } = await addRelay();
      const id = await add(relay, 'a');
      await devices.update(caller, scope, id, { name: 'b', address: '192.0.2.9', port: 22, credential: null });
      expect(await devices.find(scope, id)).toMatchObject({
        name: 'b',
        address: '192.0.2.9',
        port: 22,
        credential: null,
      });
      await devices.remove(caller, scope, id);
      expect(await devices.find(scope, id)).toBeUndefined();
      expect(await devices.rosterFor(relay)).toEqual({ version: 4, devices: [] });
      expect(told).toEqual([relay, relay, relay]);
      expect((await verbs()).slice(-3)).toEqual(['device.create', 'device.update', 'device.remove']);
      await expect(devices.remove(caller, scope, id)).rejects.toMatchObject({ code: 'not-found' });
      const nobody = DeviceId.parse(newId(1));
      await expect(devices.update(caller, scope, nobody, { name: 'c' })).rejects.toMatchObject({ code: 'not-found' });
    });
  });
}
