// Edits, removals and defaults of devices on both engines.
import { describe, expect, test } from 'vitest';
import { DeviceId, GroupId, newId } from '#shared/base/id.ts';
import { makeDevices, wish } from './devices-suite.ts';
import { caller, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

type Kit = Awaited<ReturnType<typeof makeDevices>>;

const rowsOf = async ({ store }: Kit, verb: string) => {
  const query = store.db.selectFrom('audit_log').select(['resource', 'detail']).where('verb', '=', verb);
  const rows = await query.orderBy('seq').execute();
  return rows.map((row) => ({ resource: row.resource, detail: JSON.parse(row.detail) }));
};

const makeGroup = async ({ store }: Kit, kind: 'hand' | 'rule', n: number): Promise<GroupId> => {
  const id = GroupId.parse(newId(n));
  const row = {
    id,
    name: `g${n}`,
    description: '',
    kind,
    rule: null,
    parent_id: null,
    is_shipped: 0,
    created_at: 1,
  } as const;
  await store.db.insertInto('device_group').values(row).execute();
  return id;
};

function defineUpdateTests(engine: TestEngine): void {
  describe(`edits of devices on ${engine.name}`, () => {
    test('an edit tells old and new; only what a relay needs raises its roster', async () => {
      const kit = await makeDevices(engine);
      const { devices, addRelay, add, told, changed } = kit;
      const { relay } = await addRelay();
      const id = await add(relay, 'a', { port: 22 });
      const links = [{ label: 'card', url: 'https://bmc.test/' }];
      await devices.update(caller, scope, id, { type: 'vm', notes: 'n', links });
      expect(await devices.find(scope, id)).toMatchObject({ setType: 'vm', notes: 'n', links });
      expect(told).toHaveLength(1);
      await devices.update(caller, scope, id, { name: 'b', port: null, type: null, intervalMs: 30_000 });
      expect(told).toHaveLength(2);
      expect((await devices.rosterFor(relay)).devices).toMatchObject([{ name: 'b', intervalMs: 30_000 }]);
      await devices.update(caller, scope, id, { name: 'b', port: null, links });
      expect((await rowsOf(kit, 'device.update')).map(({ detail }) => detail)).toEqual([
        { 'type.from': null, 'type.to': 'vm', notes: 'changed', 'links.from': '[]', 'links.to': JSON.stringify(links) },
        {
          ...{ 'name.from': 'a', 'name.to': 'b', 'port.from': 22, 'port.to': null },
          ...{ 'type.from': 'vm', 'type.to': null, 'intervalMs.from': 60_000, 'intervalMs.to': 30_000 },
        },
      ]);
      expect(changed).toEqual([id, id, id]);
    });

    test('a device moves to another relay of its site, and both learn of it; its state is not known there', async () => {
      const { devices, addRelay, add, told, records, store, siteId } = await makeDevices(engine);
      const [a, b] = [await addRelay(), await addRelay()];
      const id = await add(a.relay, 'a');
      await store.transaction((tx) => records.applyStates(tx, a, [{ type: 'state', device: id, at: 2, status: 'up' }]));
      told.length = 0;
      await devices.update(caller, scope, id, { relayId: b.relay });
      expect(new Set(told)).toEqual(new Set([a.relay, b.relay]));
      expect(told).toHaveLength(2);
      expect(await devices.find(scope, id)).toMatchObject({ relayId: b.relay, siteId, status: 'unknown' });
      expect((await devices.rosterFor(a.relay)).devices).toEqual([]);
    });

    test('no device moves to a relay of another site, a revoked one, a full one, a leaf, or off its own machine', async () => {
      const { devices, addRelay, add, sites, relays, store } = await makeDevices(engine);
      const { relay } = await addRelay();
      const id = await add(relay, 'a');
      const own = await add(relay, 'own', { transport: 'local', address: 'localhost' });
      const other = await addRelay('site', (await sites.create(caller, { name: 'Other' })).id);
      const [dead, leaf, spare, full] = [await addRelay(), await addRelay('leaf'), await addRelay(), await addRelay()];
      await relays.revoke(caller, dead.relay);
      await devices.createMany(
        caller,
        Array.from({ length: 2_000 }, (_, i) => wish(full.relay, `d${i}`)),
      );
      const move = (device: DeviceId, to: typeof other) => devices.update(caller, scope, device, { relayId: to.relay });
      for (const to of [other, dead, leaf]) await expect(move(id, to)).rejects.toMatchObject({ code: 'conflict' });
      await expect(move(id, full)).rejects.toMatchObject({ code: 'too-large' });
      await expect(move(own, spare)).rejects.toMatchObject({ code: 'conflict' });
      expect(await devices.find(scope, id)).toMatchObject({ relayId: relay });
      // Of two at once that both would fit alone, one is refused.
      const nearly = Array.from({ length: 1_200 }, (_, i) => wish(spare.relay, `e${i}`));
      const both = await Promise.allSettled([devices.createMany(caller, nearly), devices.createMany(caller, nearly)]);
      expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const rows = await store.db.selectFrom('device').select('id').where('relay_id', '=', spare.relay).execute();
      expect(rows).toHaveLength(1_200);
    });
  });
}

export function defineDeviceEditsTests(engine: TestEngine): void {
  defineUpdateTests(engine);

  describe(`many devices on ${engine.name}`, () => {
    test('devices are removed all or none, each with its row in the trail, each relay told once', async () => {
      const kit = await makeDevices(engine);
      const { devices, addRelay, add, told, removed } = kit;
      const [a, b] = [await addRelay(), await addRelay()];
      const ids = [await add(a.relay, 'a'), await add(b.relay, 'b'), await add(a.relay, 'c')];
      told.length = 0;
      const nobody = DeviceId.parse(newId(1));
      const broken = devices.removeMany(caller, scope, [...ids, nobody]);
      await expect(broken).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining(nobody) });
      expect((await devices.list(scope, { limit: 10 })).items).toHaveLength(3);
      expect([told, removed]).toEqual([[], []]);
      expect(await devices.removeMany(caller, scope, [...ids, ...ids])).toBe(3);
      expect(new Set(told)).toEqual(new Set([a.relay, b.relay]));
      expect(told).toHaveLength(2);
      expect(removed).toEqual(ids.toSorted());
      expect((await rowsOf(kit, 'device.remove')).map(({ resource }) => resource)).toEqual(
        ids.toSorted().map((id) => `device:${id}`),
      );
    });

    test('a new device begins as its site says, where whoever adds it says nothing', async () => {
      const kit = await makeDevices(engine);
      const { devices, addRelay, sites, siteId } = kit;
      const { relay } = await addRelay();
      const [hand, lost] = [await makeGroup(kit, 'hand', 1), await makeGroup(kit, 'hand', 2)];
      const defaults = { port: 2222, credential: 'root', intervalMs: 30_000, tags: ['b', 'a'], groupIds: [hand, lost] };
      await sites.update(caller, scope, siteId, { defaults });
      // Became a rule's group since: its members are not chosen any more.
      await kit.store.db.updateTable('device_group').set({ kind: 'rule' }).where('id', '=', lost).execute();
      const [silent, spoken] = await devices.createMany(caller, [
        { relayId: relay, name: 'silent', address: 'a.test' },
        { ...wish(relay, 'spoken'), port: null, credential: null, tags: ['own'], notes: 'n', type: 'server' },
      ]);
      expect(await devices.find(scope, silent ?? DeviceId.parse(newId(1)))).toMatchObject({
        ...{ transport: 'ssh', port: 2222, credential: 'root', intervalMs: 30_000 },
        ...{ tags: ['a', 'b'], handGroups: [hand], notes: '', setType: null },
      });
      expect(await devices.find(scope, spoken ?? DeviceId.parse(newId(1)))).toMatchObject({
        ...{ port: null, credential: null, intervalMs: 60_000 },
        ...{ tags: ['own'], handGroups: [hand], notes: 'n', setType: 'server' },
      });
    });
  });
}
