// The timeline of a device on both engines: four sources in one order, pages that neither repeat nor lose.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { People } from '#console/access/people.ts';
import { Actions } from '#console/actions/actions.ts';
import { insertTargets } from '#console/actions/outcome-repository.ts';
import { deviceTimeline, type TimelineRooms } from '#console/api/device-timeline.ts';
import { insertEvents } from '#console/devices/event-repository.ts';
import { Inventory } from '#console/inventory/inventory.ts';
import { type DeviceId, ManifestId, newId } from '#shared/base/id.ts';
import type { TimelineItem } from '#shared/contract/timeline-item.ts';
import type { FactRecord } from '#shared/model/record.ts';
import { makeDevices } from './devices-suite.ts';
import { caller, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

const fact = (device: DeviceId, at: number, kind: string, value: unknown): FactRecord => {
  const body = JSON.stringify(value);
  return { type: 'fact', device, at, kind, body, hash: createHash('sha256').update(body).digest('hex') };
};

export async function openTimeline(engine: TestEngine) {
  const kit = await makeDevices(engine);
  const inventory = new Inventory(kit);
  const outlets = { onQueued: () => undefined, onCancel: () => undefined, onSettled: () => undefined };
  const open = () => Promise.reject(new Error('nothing is submitted here'));
  const actions = new Actions({ ...kit, open, outlets });
  const rooms: TimelineRooms = { ...kit, inventory, actions, people: new People(kit) };
  const link = await kit.addRelay();
  const id = await kit.add(link.relay, 'a');
  const { store } = kit;
  const happen = (ats: readonly number[]) =>
    store.transaction((tx) =>
      insertEvents(
        tx,
        ats.map((at) => ({
          ...{ siteId: link.site, relayId: link.relay, deviceId: id, at, receivedAt: at },
          ...{ type: 'state', severity: 'info', code: null, detail: `at ${at}` },
        })),
      ),
    );
  const read = (...facts: Array<[at: number, kind: string, value: unknown]>) =>
    store.transaction((tx) =>
      inventory.applyFacts(
        tx,
        link,
        facts.map(([at, kind, value]) => fact(id, at, kind, value)),
      ),
    );
  const order = async (at: number, n: number) => {
    const action = ManifestId.parse(newId(n));
    await store.transaction(async (tx) => {
      await tx
        .insertInto('action')
        .values({
          ...{ id: action, site_id: link.site, relay_id: link.relay, name: 'command.run', manifest: 'm', signed: '{}' },
          ...{
            signer: 'k',
            reason: 'why',
            created_by: 'person:p1',
            created_at: at,
            expires_at: at + 1,
            state: 'queued',
          },
          ...{ targets: 1, cancel_asked_at: null },
        })
        .execute();
      await insertTargets(tx, action, [id], at);
    });
    return action;
  };
  const page = (limit: number, cursor?: string) => deviceTimeline(rooms, id, { limit, cursor });
  const all = async (limit: number) => {
    const items: TimelineItem[] = [];
    for (let cursor: string | undefined; ; ) {
      const { items: some, nextCursor } = await page(limit, cursor);
      items.push(...some);
      if (nextCursor === null) return items;
      cursor = nextCursor;
    }
  };
  return { ...kit, rooms, id, link, happen, read, order, page, all };
}

const packages = (...names: string[]) => ({ packages: names.map((name) => ({ name, version: '1', arch: 'all' })) });

export function defineTimelineTests(engine: TestEngine): void {
  describe(`timeline on ${engine.name}`, () => {
    test('events, orders, inventory changes and edits stand in one order, newest first, by the names of people', async () => {
      const { happen, read, order, page, devices, id, clock, store } = await openTimeline(engine);
      await store.db.insertInto('person').values({ id: 'p1', name: 'Ada', created_at: 1 }).execute();
      const made = clock.now();
      await happen([made + 10, made + 30]);
      await read([made + 20, 'packages', packages('bash', 'vim')], [made + 40, 'packages', packages('bash', 'zsh')]);
      const action = await order(made + 50, 1);
      clock.jump(60);
      await devices.update(caller, scope, id, { name: 'b', notes: 'n' });
      const { items, nextCursor } = await page(50);
      expect(nextCursor).toBeNull();
      expect(items).toMatchObject([
        {
          type: 'change',
          at: made + 60,
          by: 'Ada',
          verb: 'device.update',
          detail: { 'name.to': 'b', notes: 'changed' },
        },
        { type: 'action', at: made + 50, action, name: 'command.run', state: 'queued', by: 'Ada', reason: 'why' },
        {
          type: 'inventory',
          at: made + 40,
          isFirst: false,
          added: ['zsh 1'],
          removed: ['vim 1'],
          changed: [],
          more: 0,
        },
        { type: 'event', at: made + 30, event: { detail: `at ${made + 30}` } },
        { type: 'inventory', at: made + 20, kind: 'packages', isFirst: true, added: [], removed: [] },
        { type: 'event', at: made + 10 },
        { type: 'change', at: made, by: 'Ada', verb: 'device.create' },
      ]);
    });

    test('pages of any size show each thing once, also where all happened at one time, and what comes later moves none', async () => {
      const { happen, read, order, page, all, clock } = await openTimeline(engine);
      const at = clock.now();
      await happen([at, at, at, at - 1, at + 1]);
      await read([at, 'os', { v: 1 }], [at, 'users', { v: 1 }], [at, 'disks', { v: 1 }], [at + 1, 'os', { v: 2 }]);
      for (const n of [1, 2, 3]) await order(at, n);
      const whole = await all(100);
      expect(whole).toHaveLength(13);
      for (const limit of [1, 2, 3, 5]) expect(await all(limit)).toEqual(whole);
      const first = await page(5);
      await happen([at + 5, at + 6]);
      const second = await page(100, first.nextCursor ?? '');
      expect([...first.items, ...second.items]).toEqual(whole);
    });

    test('a page that would compare too much ends early, and the next goes on there', async () => {
      const { read, page, all, clock } = await openTimeline(engine);
      const at = clock.now();
      const filler = 'x'.repeat(400_000);
      await read(...Array.from({ length: 30 }, (_, i): [number, string, unknown] => [at + i, 'odd', { filler, i }]));
      const { items, nextCursor } = await page(200);
      expect(items.length).toBeLessThan(30);
      expect(nextCursor).not.toBeNull();
      const whole = await all(200);
      expect(whole.filter(({ type }) => type === 'inventory')).toHaveLength(30);
    });

    test('a cursor of another list is refused', async () => {
      const { page } = await openTimeline(engine);
      await expect(page(5, 'WzFd')).rejects.toMatchObject({ code: 'bad-request' });
    });
  });
}
