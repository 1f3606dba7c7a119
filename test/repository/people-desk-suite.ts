// Managing people on both engines: nobody gives more than they hold, an owner always remains, and what changes is told and audited.
import { describe, expect, test } from 'vitest';
import type { Caller } from '#console/access/can.ts';
import type { EstatePlaces } from '#console/access/estate-places.ts';
import { People } from '#console/access/people.ts';
import { PeopleDesk } from '#console/access/people-desk.ts';
import { RightsChanged } from '#console/access/rights-changed.ts';
import { CustomerId, type SiteId } from '#shared/base/id.ts';
import type { NewGrant, RoleName } from '#shared/model/grant.ts';
import { makeEstate, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

export function definePeopleDeskTests(engine: TestEngine): void {
  async function open() {
    const estate = await makeEstate(engine);
    const people = new People(estate);
    const { person: owner } = await people.initConsole();
    const site = await estate.sites.find(scope, estate.siteId);
    const customer = CustomerId.parse(site?.customerId);
    const places: EstatePlaces = {
      customer: (id) => (id === customer ? { name: 'Acme' } : undefined),
      site: (id) => (id === estate.siteId ? { name: 'Main', customer } : undefined),
      device: () => undefined,
      group: () => undefined,
      named: () => [],
    };
    const told: string[] = [];
    const changed = new RightsChanged();
    changed.listen((person) => told.push(person));
    const desk = new PeopleDesk({ ...estate, changed, places: () => places });
    const as = async (id: string): Promise<Caller> => {
      const found = (await desk.list({ actor: { kind: 'system', part: 'test' } })).find((one) => one.id === id);
      if (found === undefined) throw new Error('no such person');
      return { actor: desk.asActor(found) };
    };
    return { ...estate, people, owner, customer, desk, told, as };
  }

  const role = (name: RoleName, over: NewGrant['over'] = { kind: 'everything' }): NewGrant => ({
    ...{ effect: 'allow', role: name, verbs: [], over },
    ...{ from: null, until: null, hours: null },
  });
  const atSite = (id: SiteId): NewGrant['over'] => ({ kind: 'site', id });

  describe(`managing people on ${engine.name}`, () => {
    test('a grant and a denial hold from the next request on, and each is told and audited', async () => {
      const { desk, owner, as, people, siteId, told, verbs } = await open();
      const caller = await as(owner.id);
      const ben = await desk.create(caller, 'Ben', [role('technician', atSite(siteId))]);
      const link = await people.createSignInLink(caller, ben.id);
      const { session } = await people.signIn(link.secret);
      expect(await people.authenticate({ session })).toMatchObject({ grants: [{ role: 'technician' }] });
      const deny = await desk.grant(caller, ben.id, {
        ...role('viewer', atSite(siteId)),
        ...{ effect: 'deny', role: null, verbs: ['device.*'] },
      });
      expect(await people.authenticate({ session })).toMatchObject({
        grants: expect.arrayContaining([expect.objectContaining({ effect: 'deny', verbs: ['device.*'] })]),
      });
      await desk.ungrant(caller, ben.id, deny.id);
      expect(await people.authenticate({ session })).toMatchObject({ grants: [{ role: 'technician' }] });
      expect(told).toEqual([ben.id, ben.id, ben.id]);
      expect(await verbs()).toEqual(
        expect.arrayContaining(['person.create', 'person.grant', 'person.grant', 'person.ungrant']),
      );
    });

    test('who is disabled or removed is signed out with every session and token', async () => {
      const { desk, owner, as, people } = await open();
      const caller = await as(owner.id);
      const ben = await desk.create(caller, 'Ben', [role('viewer')]);
      const { session } = await people.signIn((await people.createSignInLink(caller, ben.id)).secret);
      const token = await people.createLocalToken(caller, ben.id);
      await desk.setDisabled(caller, ben.id, true);
      expect((await people.authenticate({ session })).kind).toBe('anonymous');
      expect((await people.authenticate({ token })).kind).toBe('anonymous');
      await desk.setDisabled(caller, ben.id, false);
      expect((await people.authenticate({ session })).kind).toBe('anonymous');
      expect((await people.authenticate({ token })).kind).toBe('person');
      await desk.remove(caller, ben.id);
      expect((await people.authenticate({ token })).kind).toBe('anonymous');
      await expect(desk.find(caller, ben.id)).rejects.toMatchObject({ code: 'not-found' });
    });

    test('the last owner is not removed, disabled, denied or left without the grant', async () => {
      const { desk, owner, as } = await open();
      const caller = await as(owner.id);
      const deny: NewGrant = { ...role('viewer'), effect: 'deny' };
      const tries = [
        desk.remove(caller, owner.id),
        desk.setDisabled(caller, owner.id, true),
        desk.grant(caller, owner.id, deny),
        desk.ungrant(caller, owner.id, owner.id),
      ];
      const conflict = expect.objectContaining({ code: 'conflict' });
      expect(await Promise.allSettled(tries)).toEqual(tries.map(() => ({ status: 'rejected', reason: conflict })));
      const ada = await desk.create(caller, 'Ada', [role('owner')]);
      // At once, each takes the other: one stays.
      const both = await Promise.allSettled([desk.remove(await as(ada.id), owner.id), desk.remove(caller, ada.id)]);
      expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    test('an owner by the grace of a provider is no last owner: what it gave it takes again', async () => {
      const { desk, owner, as, store } = await open();
      const caller = await as(owner.id);
      const ada = await desk.create(caller, 'Ada', [role('owner')]);
      const identity = { issuer: 'https://id.example', subject: 'ada', person_id: ada.id, created_at: 1 };
      const grants = JSON.stringify(ada.grants.map(({ id }) => id));
      await store.db
        .insertInto('person_identity')
        .values({ ...identity, grants })
        .execute();
      await expect(desk.remove(await as(ada.id), owner.id)).rejects.toMatchObject({ code: 'conflict' });
      await desk.remove(caller, ada.id);
    });

    test('nobody gives more than they hold, and nobody manages who stands above them', async () => {
      const { desk, owner, as, siteId, customer } = await open();
      const caller = await as(owner.id);
      const lead = await desk.create(caller, 'Lead', [role('admin', atSite(siteId))]);
      const until: NewGrant = { ...role('admin'), until: 5_000_000_000_000 };
      const passing = await desk.create(caller, 'Passing', [until]);
      const at = await as(lead.id);
      const denied = { code: 'denied' };
      await expect(desk.create(at, 'X', [role('technician')])).rejects.toMatchObject(denied);
      await expect(desk.create(at, 'X', [role('owner', atSite(siteId))])).rejects.toMatchObject(denied);
      await expect(desk.create(at, 'X', [role('admin', { kind: 'customer', id: customer })])).rejects.toMatchObject(
        denied,
      );
      await expect(desk.create(at, 'X', [])).rejects.toMatchObject(denied);
      await expect(desk.create(await as(passing.id), 'X', [role('viewer')])).rejects.toMatchObject(denied);
      const mine = await desk.create(at, 'Mine', [role('technician', atSite(siteId))]);
      expect((await desk.list(at)).map(({ name }) => name)).toEqual(['Lead', 'Mine']);
      await expect(desk.remove(at, owner.id)).rejects.toMatchObject({ code: 'not-found' });
      await desk.grant(caller, mine.id, role('owner', atSite(siteId)));
      await expect(desk.mustManage(at, mine.id, 'person.write')).rejects.toMatchObject(denied);
      await expect(desk.setDisabled(at, mine.id, true)).rejects.toMatchObject(denied);
    });

    test('a limited token does not manage its own person, who may do more than it', async () => {
      const { desk, owner, as } = await open();
      const { actor } = await as(owner.id);
      if (actor.kind !== 'person') throw new Error('nobody');
      const limits = { verbs: ['person.*'], over: [{ kind: 'everything' as const }], mayEndanger: true };
      const token: Caller = { actor: { ...actor, via: 'token', limits } };
      // A link for its own person would open a session without the token's limits.
      await expect(desk.mustManage(token, owner.id, 'person.write')).rejects.toMatchObject({ code: 'denied' });
      await expect(desk.rename(token, owner.id, 'Else')).rejects.toMatchObject({ code: 'denied' });
      await desk.rename({ actor }, owner.id, 'Else');
    });

    test('names are one person each, without case', async () => {
      const { desk, owner, as } = await open();
      const caller = await as(owner.id);
      await desk.create(caller, 'Ben', []);
      await expect(desk.create(caller, 'BEN', [])).rejects.toMatchObject({ code: 'conflict' });
    });
  });
}
