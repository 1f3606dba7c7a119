// Sites and customers that go, on both engines: nothing of theirs is left, nothing of others is touched, what is out of date removes nothing.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Actions } from '#console/actions/actions.ts';
import { listDeviceEvents } from '#console/devices/event-repository.ts';
import { Inventory } from '#console/inventory/inventory.ts';
import { Customers } from '#console/sites/customers.ts';
import { EnrolmentTokens } from '#console/sites/enrolment-tokens.ts';
import { Removals, type Removed } from '#console/sites/removals.ts';
import type { Tables } from '#console/store/schema.ts';
import { CustomerId, type DeviceId, ManifestId, newId } from '#shared/base/id.ts';
import type { Manifest, SignedManifest } from '#shared/model/manifest.ts';
import { identityNo, makeDevices } from './devices-suite.ts';
import { caller, scope } from './estate.ts';
import { lingerInside, type TestEngine } from './test-engine.ts';

const HOUR = 3_600_000;

export function defineRemovalsTests(engine: TestEngine): void {
  const open = async () => {
    const kit = await makeDevices(engine);
    const removed: Removed[] = [];
    const outlets = { onQueued: () => undefined, onCancel: () => undefined, onSettled: () => undefined };
    let manifest: Manifest | undefined;
    const openManifest = async () => {
      if (manifest === undefined) throw new Error('no manifest');
      return { manifest, signer: 'k' };
    };
    const actions = new Actions({ ...kit, open: openManifest, outlets });
    const removals = new Removals({
      ...kit,
      outlets: {
        abandon: (tx, relays) => actions.abandonIn(tx, relays, 'the relay was removed with its site'),
        onRemoved: (what) => removed.push(what),
      },
    });
    const count = async (table: keyof Tables) =>
      (
        await kit.store.db
          .selectFrom(table)
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
      ).n;

    /** A site with a relay, two devices with all that hangs on them, tokens, a charter and an open action. */
    const furnish = async (name: string, n: number) => {
      const site = await kit.sites.create(caller, { name, customerName: 'Acme' });
      const link = await kit.addRelay('site', site.id);
      const ids = [await kit.add(link.relay, `${name}-a`), await kit.add(link.relay, `${name}-b`)] as [
        DeviceId,
        DeviceId,
      ];
      const [id] = ids;
      const inventory = new Inventory(kit);
      const body = JSON.stringify({ name });
      const hash = createHash('sha256').update(body).digest('hex');
      await kit.store.transaction(async (tx) => {
        const identity = { type: 'identity', device: id, at: 1, verdict: 'new', system: 'linux' } as const;
        await kit.records.applyIdentities(tx, link, [{ ...identity, identity: identityNo(n) }]);
        await inventory.applyFacts(tx, link, [{ type: 'fact', device: id, at: 1, kind: 'os', body, hash }]);
        await kit.records.applyStates(tx, link, [{ type: 'state', device: id, at: 2, status: 'up' }]);
        await tx.insertInto('device_tag').values({ device_id: id, tag: 'x' }).execute();
        const charter = { site_id: site.id, version: 1, signed: '{}', created_at: 1 };
        await tx.insertInto('charter').values(charter).execute();
      });
      const token = createHash('sha256').update(name).digest('hex');
      await new EnrolmentTokens(kit).create(caller, { hash: token, siteId: site.id, kind: 'site' });
      const action = ManifestId.parse(newId(n));
      const now = kit.clock.now();
      manifest = {
        id: action,
        site: site.id,
        relay: link.relay,
        exp: now + HOUR,
        reason: 'test',
        action: { name: 'command.run', arguments: { command: 'true' } },
        targets: ids.map((device) => ({ device, identity: { macs: [] } })),
      } as unknown as Manifest; // the parts that the queue reads
      await actions.submit(caller, [{ manifest: `m${n}` } as SignedManifest]); // opened by the line above
      return { site, link, ids, action };
    };
    return { ...kit, removed, actions, removals, count, furnish };
  };

  describe(`removals on ${engine.name}`, () => {
    test('a site goes with everything of it; another one, samples and events stay', async () => {
      const { furnish, removals, removed, count, actions, store, sites, relays, clock } = await open();
      const [gone, kept] = [await furnish('gone', 1), await furnish('kept', 2)];
      const preview = { sites: 1, relays: 1, devices: 2, facts: 1, openActions: 1 };
      expect(await removals.previewSite(scope, gone.site.id)).toEqual(preview);
      expect(await removals.removeSite(caller, scope, { id: gone.site.id, devices: 2 })).toEqual(preview);
      const left = ['site', 'relay', 'device', 'fact', 'fact_history', 'device_identifier', 'device_tag'] as const;
      // The estate's own first site is among them.
      const expected = { site: 2, relay: 1, device: 2, fact: 1, fact_history: 1, device_identifier: 4, device_tag: 1 };
      for (const table of left) expect.soft([table, await count(table)]).toEqual([table, expected[table]]);
      expect([await count('charter'), await count('enrolment_token')]).toEqual([1, 1]);
      expect(await sites.find(scope, kept.site.id)).toMatchObject({ devices: 2, relays: 1 });
      expect((await listDeviceEvents(store.db, scope, gone.ids[0], 10)).length).toBeGreaterThan(0);
      expect(await relays.byKey(`key-${gone.link.relay}`)).toBeUndefined();
      const { state, outcomes } = (await actions.find(scope, gone.action)) ?? {};
      expect(state).toBe('settled');
      expect(outcomes?.map((one) => [one.deviceName, one.state, one.at])).toEqual(
        gone.ids.toSorted().map((id) => [id, 'cancelled', clock.now()]),
      );
      expect(await actions.find(scope, kept.action)).toMatchObject({ state: 'queued' });
      expect((await actions.list(scope, { limit: 10 })).items).toHaveLength(2);
      const devices = gone.ids.toSorted().map((id) => ({ id, siteId: gone.site.id }));
      expect(removed).toEqual([{ sites: [gone.site.id], relays: [gone.link.relay], devices }]);
    });

    test('a removal that is out of date removes nothing and names both numbers', async () => {
      const { furnish, removals, count, removed, verbs } = await open();
      const { site } = await furnish('main', 1);
      const before = await verbs();
      for (const attempt of [
        () => removals.removeSite(caller, scope, { id: site.id, devices: 1 }),
        () => removals.removeCustomer(caller, scope, { id: site.customerId, devices: 3 }),
      ])
        await expect(attempt()).rejects.toMatchObject({
          code: 'conflict',
          message: expect.stringMatching(/has 2 devices now, not [13]: nothing was removed/),
        });
      expect([await count('device'), await count('relay'), await count('site')]).toEqual([2, 1, 2]);
      expect(removed).toEqual([]);
      expect(await verbs()).toEqual(before);
    });

    test('a customer goes with all of its sites, one without sites too; each site and relay has its row in the trail', async () => {
      const { furnish, removals, count, removed, verbs, ...kit } = await open();
      const [a, b] = [await furnish('a', 1), await furnish('b', 2)];
      const before = (await verbs()).length;
      const done = await removals.removeCustomer(caller, scope, { id: a.site.customerId, devices: 4 });
      expect(done).toEqual({ sites: 2, relays: 2, devices: 4, facts: 2, openActions: 2 });
      expect([await count('device'), await count('relay'), await count('site')]).toEqual([0, 0, 1]);
      expect(new Set(removed[0]?.relays)).toEqual(new Set([a.link.relay, b.link.relay]));
      expect((await verbs()).slice(before)).toEqual([
        ...['action.abandon', 'action.abandon', 'relay.revoke', 'relay.revoke'],
        ...['site.remove', 'site.remove', 'customer.remove'],
      ]);
      const empty = await new Customers(kit).create(caller, { name: 'Empty' });
      expect(await removals.previewCustomer(scope, empty.id)).toMatchObject({ sites: 0, devices: 0 });
      await removals.removeCustomer(caller, scope, { id: empty.id, devices: 0 });
      const gone = { id: CustomerId.parse(empty.id), devices: 0 };
      await expect(removals.removeCustomer(caller, scope, gone)).rejects.toMatchObject({ code: 'not-found' });
      await expect(removals.previewSite(scope, a.site.id)).rejects.toMatchObject({ code: 'not-found' });
    });

    test('a device added while its site goes is refused, and leaves nothing behind', async () => {
      const { furnish, removals, add, count, store } = await open();
      const { site, link } = await furnish('main', 1);
      const slow = store.transaction(async (tx) => {
        await tx.selectFrom('site').select('id').execute();
        await lingerInside(tx);
      });
      const results = await Promise.allSettled([
        slow,
        removals.removeSite(caller, scope, { id: site.id, devices: 2 }),
        add(link.relay, 'late'),
      ]);
      const [, removal, adding] = results;
      // Whoever comes second is told; on no engine do both succeed.
      expect([removal, adding].filter((one) => one?.status === 'fulfilled')).toHaveLength(1);
      for (const one of [removal, adding])
        if (one?.status === 'rejected')
          expect(one.reason).toMatchObject({ code: expect.stringMatching(/conflict|not-found/) });
      expect(await count('device')).toBe(removal?.status === 'fulfilled' ? 0 : 3);
    });
  });
}
