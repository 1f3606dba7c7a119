// Tags and saved views on both engines.

import { describe, expect, test } from 'vitest';
import type { Caller } from '#console/access/can.ts';
import { ownerGrant } from '#console/access/grant.ts';
import { Groups } from '#console/devices/groups.ts';
import { Tags } from '#console/devices/tags.ts';
import { Views } from '#console/devices/views.ts';
import { faultOf } from '#console/query/group-plan.ts';
import { DeviceId, newId, ViewId } from '#shared/base/id.ts';
import { actorWith, ownerActor } from '#test/fixtures/person-actor.ts';
import { makeDevices } from './devices-suite.ts';
import { caller, makeEstate, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

function defineTagTests(engine: TestEngine): void {
  const open = async () => {
    const kit = await makeDevices(engine);
    const told: Array<readonly DeviceId[]> = [];
    const ruled: string[] = [];
    const outlets = {
      onTagsChanged: (ids: readonly DeviceId[]) => void told.push(ids),
      onGroupsChanged: () => void ruled.push('groups'),
    };
    const tags = new Tags({ ...kit, outlets });
    const { relay } = await kit.addRelay();
    const ids = [await kit.add(relay, 'a'), await kit.add(relay, 'b'), await kit.add(relay, 'c')] as const;
    const tagsOf = async (id: DeviceId) => (await kit.devices.find(scope, id))?.tags;
    const change = (devices: readonly DeviceId[], add: string[], remove: string[] = []) =>
      tags.change(caller, scope, { devices, add, remove });
    return { ...kit, told, ruled, tags, relay, ids, tagsOf, change };
  };
  const nobody = DeviceId.parse(newId(1));

  describe(`tags on ${engine.name}`, () => {
    test('a tag that rights hang on is moved by who gives rights, and by nobody else', async () => {
      const { tags, ids, change, store, sites, siteId } = await open();
      const [a] = ids;
      await change([a], ['pay']);
      await store.db.insertInto('person').values({ id: 'p3', name: 'Cid', created_at: 1 }).execute();
      const grant = { id: 'g1', person_id: 'p3', effect: 'deny' as const, role: null, verbs: '["action.*"]' };
      const over = { over_kind: 'tag', over_id: 'pay', from_at: null, until_at: null, hours: null, created_at: 1 };
      await store.db
        .insertInto('person_grant')
        .values({ ...grant, ...over })
        .execute();
      const writes = { ...ownerGrant('g2'), role: null, verbs: ['device.*', 'tag.*'] };
      const technician: Caller = { actor: actorWith([writes]), scope };
      const denied = { code: 'denied' };
      const gives = sites.update(technician, scope, siteId, { defaults: { tags: ['pay'] } });
      await expect(gives).rejects.toMatchObject(denied);
      await sites.update(technician, scope, siteId, { defaults: { tags: ['other'] } });
      const made = sites.create(technician, { name: 'Second', customerName: 'Acme', defaults: { tags: ['pay'] } });
      await expect(made).rejects.toMatchObject(denied);
      const moves = [
        tags.change(technician, scope, { devices: [a], add: [], remove: ['pay'] }),
        tags.change(technician, scope, { devices: ids, add: ['pay'], remove: [] }),
        tags.rename(technician, scope, 'pay', 'paid'),
        tags.remove(technician, scope, 'pay'),
      ];
      // All are listened to from the start: one that is refused while another is awaited is nobody's stray error.
      const ends = (await Promise.allSettled(moves)).map((end) =>
        end.status === 'rejected' ? end.reason.code : 'moved',
      );
      expect(ends).toEqual(moves.map(() => 'denied'));
      expect(await tags.change(technician, scope, { devices: [a], add: ['other'], remove: [] })).toBe(1);
      expect(await change([a], [], ['pay'])).toBe(1);
    });

    test('tags are put on and taken off many devices; who changed is counted, told once and audited in one row', async () => {
      const { tags, ids, change, tagsOf, told, verbs, store } = await open();
      const [a, b, c] = ids;
      expect(await change([a, b, nobody], ['sql', 'web', 'sql'])).toBe(2);
      expect(await change([a, b, c], ['sql'], ['web', 'never'])).toBe(3);
      expect(await change([a], ['sql'])).toBe(0);
      expect(await change([a], ['sql'], ['sql'])).toBe(0);
      expect(await tags.list(scope)).toEqual([{ tag: 'sql', devices: 3 }]);
      expect(await tagsOf(a)).toEqual(['sql']);
      expect(told.map((some) => new Set(some))).toEqual([new Set([a, b]), new Set(ids)]);
      expect((await verbs()).filter((verb) => verb === 'tag.change')).toHaveLength(2);
      expect(await change([c], [], ['sql'])).toBe(1);
      const changes = store.db.selectFrom('audit_log').select('resource').where('verb', '=', 'tag.change');
      const rows = await changes.orderBy('seq').execute();
      expect(rows.map(({ resource }) => resource)).toEqual(['device:many', 'device:many', `device:${c}`]);
    });

    test('no device gets more tags than a person reads, and a change that is too large does nothing', async () => {
      const { ids, change, tagsOf, told } = await open();
      const [a, b] = ids;
      const many = Array.from({ length: 30 }, (_, i) => `t${i}`);
      await change([b], many);
      await expect(change([a, b], ['one', 'more'])).rejects.toMatchObject({
        code: 'conflict',
        message: 'device b would have 32 tags; 30 are the most',
      });
      expect([await tagsOf(a), (await tagsOf(b))?.length]).toEqual([[], 30]);
      await change([b], ['one'], ['t0']);
      const crowd = Array.from({ length: 25_000 }, () => nobody);
      await expect(change(crowd, many.slice(0, 5))).rejects.toMatchObject({ code: 'too-large' });
      expect(told).toHaveLength(2);
    });

    test('a renamed tag has its new name on devices, in defaults of sites and in rules', async () => {
      const { tags, ids, change, tagsOf, sites, siteId, ruled, ...kit } = await open();
      const [a, b] = ids;
      await change([a], ['sql']);
      await change([b], ['sql', 'mssql']);
      await sites.update(caller, scope, siteId, { defaults: { tags: ['x', 'sql', 'mssql'] } });
      const groups = new Groups({ ...kit, rules: { faultOf, sizes: async () => new Map() } });
      const group = await groups.create(caller, { name: 'SQL', kind: 'rule', rule: 'tag:sql,web cpu>80%' });
      expect(await tags.rename(caller, scope, 'sql', 'mssql')).toBe(2);
      expect([await tagsOf(a), await tagsOf(b)]).toEqual([['mssql'], ['mssql']]);
      expect((await sites.find(scope, siteId))?.defaults.tags).toEqual(['x', 'mssql']);
      expect((await groups.find(scope, group)).rule).toBe('tag:mssql,web cpu>80%');
      expect(ruled).toEqual(['groups']);
      await expect(tags.rename(caller, scope, 'sql', 'x')).rejects.toMatchObject({ code: 'not-found' });
      expect(await tags.remove(caller, scope, 'mssql')).toBe(2);
      expect(await tags.list(scope)).toEqual([]);
      await expect(tags.remove(caller, scope, 'mssql')).rejects.toMatchObject({ code: 'not-found' });
    });
  });
}

export function defineTagsTests(engine: TestEngine): void {
  defineTagTests(engine);

  const open = async () => {
    const kit = await makeEstate(engine);
    for (const [id, name] of [
      ['p1', 'Ada'],
      ['p2', 'Bob'],
    ] as const)
      await kit.store.db.insertInto('person').values({ id, name, created_at: 1 }).execute();
    const told: string[] = [];
    return { ...kit, told, views: new Views({ ...kit, onViewsChanged: () => void told.push('views') }) };
  };
  const bob: Caller = { actor: ownerActor('p2', 'Bob', 'token'), scope };
  const wish = { page: 'fleet', search: { q: 'tag:sql', wide: true, n: 3 }, isShared: false };

  describe(`saved views on ${engine.name}`, () => {
    test('one sees the own views and those others share; only who saved one forgets it', async () => {
      const { views, told, verbs } = await open();
      const mine = await views.create(caller, { ...wish, name: 'Mine' });
      const shared = await views.create(caller, { ...wish, name: 'All', isShared: true });
      expect(await views.list(caller)).toEqual([shared, mine]);
      expect(mine).toMatchObject({ ...wish, name: 'Mine', isOwn: true });
      expect(await views.list(bob)).toEqual([{ ...shared, isOwn: false }]);
      await expect(views.create(caller, { ...wish, name: 'Mine' })).rejects.toMatchObject({ code: 'conflict' });
      await views.create(bob, { ...wish, name: 'Mine' });
      await expect(views.remove(bob, shared.id)).rejects.toMatchObject({ code: 'denied' });
      for (const id of [mine.id, ViewId.parse(newId(1))])
        await expect(views.remove(bob, id)).rejects.toMatchObject({ code: 'not-found' });
      await views.remove(caller, shared.id);
      expect((await views.list(bob)).map(({ name, isOwn }) => [name, isOwn])).toEqual([['Mine', true]]);
      expect(told).toHaveLength(4);
      expect((await verbs()).filter((verb) => verb.startsWith('view.'))).toHaveLength(4);
    });

    test('views are small and few, and belong to people', async () => {
      const { views } = await open();
      const long = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`k${i}`, 'x'.repeat(2_000)]));
      await expect(views.create(caller, { ...wish, name: 'Long', search: long })).rejects.toMatchObject({
        code: 'bad-request',
      });
      for (let n = 0; n < 200; n += 1) await views.create(caller, { ...wish, name: `v${n}` });
      await expect(views.create(caller, { ...wish, name: 'more' })).rejects.toMatchObject({ code: 'too-large' });
      await expect(views.list({ actor: { kind: 'system', part: 'jobs' } })).rejects.toMatchObject({
        code: 'unauthenticated',
      });
    });
  });
}
