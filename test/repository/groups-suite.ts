// Groups and their rules on both engines: what a rule may name, who needs a group, whom people put into it.
import { describe, expect, test } from 'vitest';
import type { Caller } from '#console/access/can.ts';
import { ownerGrant } from '#console/access/grant.ts';
import { Groups, type NewGroup } from '#console/devices/groups.ts';
import { faultOf } from '#console/query/group-plan.ts';
import { DeviceId, GroupId, newId } from '#shared/base/id.ts';
import { actorWith } from '#test/fixtures/person-actor.ts';
import { makeDevices, wish } from './devices-suite.ts';
import { caller, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

export function defineGroupsTests(engine: TestEngine): void {
  const open = async () => {
    const kit = await makeDevices(engine);
    const told: string[] = [];
    const moved: DeviceId[] = [];
    const groups = new Groups({
      ...kit,
      rules: { faultOf, sizes: async () => new Map() },
      outlets: { onGroupsChanged: () => told.push('groups'), onMembersChanged: (ids) => void moved.push(...ids) },
    });
    const make = (name: string, more: Partial<NewGroup> = {}) => groups.create(caller, { name, kind: 'hand', ...more });
    const rule = (name: string, text: string, parentId?: GroupId) => make(name, { kind: 'rule', rule: text, parentId });
    return { ...kit, told, moved, groups, make, rule };
  };
  const nobody = GroupId.parse(newId(1));

  describe(`groups on ${engine.name}`, () => {
    test('a group is made, told, listed and changed; what differs in nothing is no change', async () => {
      const { groups, make, rule, told, clock, verbs } = await open();
      const hand = await make('Hand', { description: 'mine' });
      const servers = await rule('Servers', 'type:server');
      await groups.update(caller, servers, { rule: 'type:server os:debian', parentId: hand, description: 'x' });
      await groups.update(caller, servers, { rule: 'type:server os:debian' });
      expect(await groups.list(scope)).toEqual([
        {
          ...{ id: hand, name: 'Hand', description: 'mine', kind: 'hand', rule: null, parentId: null },
          ...{ isShipped: false, createdAt: clock.now(), devices: 0, fault: null },
        },
        expect.objectContaining({ id: servers, kind: 'rule', rule: 'type:server os:debian', parentId: hand }),
      ]);
      await groups.update(caller, servers, { parentId: null });
      expect(await groups.find(scope, servers)).toMatchObject({ parentId: null, description: 'x' });
      expect(told).toHaveLength(4);
      expect((await verbs()).slice(-4)).toEqual(['group.create', 'group.create', 'group.update', 'group.update']);
      await expect(groups.find(scope, nobody)).rejects.toMatchObject({ code: 'not-found' });
    });

    test.each<[string, Partial<NewGroup>, string, RegExp]>([
      ['no rule', { kind: 'rule' }, 'bad-request', /needs one/],
      ['a rule that does not read', { kind: 'rule', rule: 'cpu>' }, 'bad-request', /does not read/],
      ['an unknown group', { kind: 'rule', rule: 'group:nobody' }, 'bad-request', /"nobody"/],
      ['itself by name', { kind: 'rule', rule: 'group:new' }, 'bad-request', /New -> New/],
      ['any group, so itself', { kind: 'rule', rule: '-has:group' }, 'bad-request', /New -> New/],
      ['a parent that is not there', { parentId: nobody }, 'bad-request', /gone/],
      ['a rule for a group by hand', { rule: 'type:server' }, 'bad-request', /chosen by hand/],
      ['a name that is taken but for its case', { name: 'HAND' }, 'conflict', /"Hand" exists already/],
    ])('a group with %s is refused', async (_what, wished, code, message) => {
      const { make, groups, told } = await open();
      await make('Hand');
      const making = make('New', wished);
      await expect(making).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
      expect(await groups.list(scope)).toHaveLength(1);
      expect(told).toHaveLength(1);
    });

    test('a circle is refused with its path, also when two people close it at once', async () => {
      const { groups, rule } = await open();
      const a = await rule('A', 'type:server');
      const b = await rule('B', 'group:a');
      const c = await rule('C', 'os:debian', b);
      await expect(groups.update(caller, a, { rule: '-group:c' })).rejects.toMatchObject({
        code: 'bad-request',
        message: expect.stringContaining('A -> C -> B -> A'),
      });
      await groups.update(caller, b, { rule: 'type:vm' });
      const both = await Promise.allSettled([
        groups.update(caller, a, { rule: 'group:b' }),
        groups.update(caller, b, { rule: 'group:a' }),
      ]);
      expect(both.map((one) => one.status).toSorted((x, y) => x.localeCompare(y))).toEqual(['fulfilled', 'rejected']);
      expect(await groups.find(scope, c)).toMatchObject({ parentId: b });
    });

    test('a new name goes into the rules that use the old one', async () => {
      const { groups, rule } = await open();
      const web = await rule('Web', 'service:nginx');
      const user = await rule('User', 'group:WEB cpu>80%');
      const other = await rule('Other', 'group:w* web');
      await groups.update(caller, web, { name: 'Web servers' });
      expect((await groups.find(scope, user)).rule).toBe('group:"Web servers" cpu>80%');
      expect((await groups.find(scope, other)).rule).toBe('group:w* web');
      await expect(groups.update(caller, other, { name: 'web SERVERS' })).rejects.toMatchObject({ code: 'conflict' });
    });

    test('a group that rights hang on goes by who gives rights: a denial over it would go with it', async () => {
      const { groups, make, store } = await open();
      const hand = await make('Hand');
      await store.db.insertInto('person').values({ id: 'p3', name: 'Cid', created_at: 1 }).execute();
      const grant = { id: 'g1', person_id: 'p3', effect: 'deny' as const, role: null, verbs: '["device.*"]' };
      const over = { over_kind: 'group', over_id: hand, from_at: null, until_at: null, hours: null, created_at: 1 };
      await store.db
        .insertInto('person_grant')
        .values({ ...grant, ...over })
        .execute();
      const writes = { ...ownerGrant('g2'), role: null, verbs: ['group.*'] };
      const technician: Caller = { actor: actorWith([writes]), scope };
      await expect(groups.remove(technician, hand)).rejects.toMatchObject({ code: 'denied' });
      await groups.remove(caller, hand);
    });

    test('a group that is needed stays, and who needs it is named', async () => {
      const { groups, make, rule, sites, siteId } = await open();
      const hand = await make('Hand');
      const child = await rule('Child', 'type:server', hand);
      const namer = await rule('Namer', '-group:hand');
      await sites.update(caller, scope, siteId, { defaults: { groupIds: [hand] } });
      await expect(groups.remove(caller, hand)).rejects.toMatchObject({
        code: 'conflict',
        message:
          'group "Hand" is needed: group "Child" narrows it; the rule of group "Namer" names it; new devices of site "Main" begin in it',
      });
      await groups.remove(caller, child);
      await groups.remove(caller, namer);
      await sites.update(caller, scope, siteId, { defaults: {} });
      await groups.remove(caller, hand);
      expect(await groups.list(scope)).toEqual([]);
      await expect(groups.remove(caller, hand)).rejects.toMatchObject({ code: 'not-found' });
    });

    test('devices are put into a group by hand and taken out; counts say how many were news', async () => {
      const { groups, make, rule, devices, addRelay, moved, verbs } = await open();
      const { relay } = await addRelay();
      const many = Array.from({ length: 1_200 }, (_, i) => wish(relay, `d${i}`));
      const ids = await devices.createMany(caller, many);
      const [hand, ruled] = [await make('Hand'), await rule('Ruled', 'type:server')];
      const gone = DeviceId.parse(newId(1));
      const change = (more: { add?: DeviceId[]; remove?: DeviceId[] }) =>
        groups.changeMembers(caller, scope, hand, more);
      expect(await change({ add: [...ids, gone, ...ids.slice(0, 3)] })).toEqual({ added: 1_200, removed: 0 });
      expect(await change({ add: ids.slice(0, 5), remove: [...ids.slice(600), gone] })).toEqual({
        added: 0,
        removed: 600,
      });
      expect((await groups.find(scope, hand)).devices).toBe(600);
      expect(await devices.find(scope, ids[0] ?? gone)).toMatchObject({ handGroups: [hand] });
      expect(moved).toHaveLength(1_800);
      expect(await change({ remove: [gone] })).toEqual({ added: 0, removed: 0 });
      expect((await verbs()).filter((verb) => verb === 'group.change-members')).toHaveLength(2);
      const intoRule = groups.changeMembers(caller, scope, ruled, { add: ids });
      await expect(intoRule).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('rule') });
      await expect(groups.changeMembers(caller, scope, nobody, {})).rejects.toMatchObject({ code: 'not-found' });
    });
  });
}
