// What the overview tells of the last hour, on both engines: news by when they came, changes only, people's edits, in scope.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { can } from '#console/access/can.ts';
import { insertEvents, type NewEvent } from '#console/devices/event-repository.ts';
import { Inventory } from '#console/inventory/inventory.ts';
import { recentEdits, recentEvents, recentFacts, recentOutcomes } from '#console/query/recent-repository.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { makeDevices } from './devices-suite.ts';
import { caller, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

const NOTHING = can(caller.actor, 'public');
const span = { since: 1_000, limit: 10 };

export function defineRecentTests(engine: TestEngine): void {
  const open = async () => {
    const kit = await makeDevices(engine);
    const link = await kit.addRelay();
    const device = await kit.add(link.relay, 'a');
    const event = (receivedAt: number, more: Partial<NewEvent> = {}): NewEvent => ({
      siteId: link.site,
      relayId: link.relay,
      deviceId: device,
      at: receivedAt,
      receivedAt,
      type: 'state',
      severity: 'warning',
      code: null,
      detail: `at ${receivedAt}`,
      ...more,
    });
    return { ...kit, link, device, event };
  };

  describe(`what happened lately on ${engine.name}`, () => {
    test('events count by when they came, newest first; a relay speaking of itself is none of a device', async () => {
      const { store, event, device } = await open();
      const late = event(2_000, { at: 5 });
      const some = [event(999), event(1_500), late, event(1_700, { deviceId: null })];
      await store.transaction((tx) => insertEvents(tx, some));
      const told = await recentEvents(store.db, scope, span);
      expect(told.map(({ item }) => item.type === 'event' && item.event.detail)).toEqual(['at 2000', 'at 1500']);
      expect(told[0]).toMatchObject({ device, item: { at: 5 } });
      expect(await recentEvents(store.db, scope, { ...span, limit: 1 })).toHaveLength(1);
    });

    test('an inventory that changed is told, a first one is not', async () => {
      const { store, device, link } = await open();
      const inventory = new Inventory({ store });
      const fact = (of: DeviceId, at: number, body: string, kind: string) => {
        const hash = createHash('sha256').update(body).digest('hex');
        return { type: 'fact' as const, device: of, at, kind, body, hash };
      };
      const facts = [
        fact(device, 10, '["a"]', 'packages'),
        fact(device, 2_000, '["b"]', 'packages'),
        fact(device, 2_100, '{}', 'hardware'),
      ];
      await store.transaction((tx) => inventory.applyFacts(tx, link, facts));
      const told = await recentFacts(store.db, scope, span);
      expect(told).toMatchObject([
        { device, item: { type: 'inventory', at: 2_000, kind: 'packages', isFirst: false } },
      ]);
    });

    test('edits are those of people, on devices', async () => {
      const { store, audit, device, clock } = await open();
      const since = clock.now();
      const by = (actor: string, resource: string, verb = 'device.update') => ({
        actor,
        verb,
        resource,
        outcome: 'ok' as const,
        detail: { name: 'b' },
      });
      const rows = [
        by('person:p1', `device:${device}`),
        by('system:boot', `device:${device}`),
        by('person:p1', 'site:x'),
        by('person:p1', 'device:none'),
      ];
      await store.transaction((tx) => audit.appendMany(tx, rows));
      const told = await recentEdits(store.db, scope, { since, limit: 10 });
      const edits = told.filter(({ item }) => item.type === 'change' && item.verb === 'device.update');
      expect(edits).toEqual([
        { device, item: { type: 'change', at: since, by: 'person:p1', verb: 'device.update', detail: { name: 'b' } } },
      ]);
      expect(await recentEdits(store.db, scope, { since: since + 1, limit: 10 })).toEqual([]);
    });

    test('who may see nothing is told nothing', async () => {
      const { store, event } = await open();
      await store.transaction((tx) => insertEvents(tx, [event(2_000)]));
      if (!NOTHING.allowed) throw new Error('public is for everybody');
      const all = [recentEvents, recentFacts, recentOutcomes, recentEdits];
      for (const read of all) expect(await read(store.db, NOTHING.scope, { since: 0, limit: 10 })).toEqual([]);
    });
  });
}
