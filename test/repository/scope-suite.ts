// Rights in three forms on both engines: asked of one thing, read into a scope in memory, and as SQL. They never differ.
import { describe, expect, test } from 'vitest';
import { can } from '#console/access/can.ts';
import type { Grant } from '#console/access/grant.ts';
import {
  customerInScope,
  deviceInScope,
  inScope,
  type Scope,
  seesCustomer,
  seesDevice,
  seesSite,
} from '#console/access/scope.ts';
import { Devices } from '#console/devices/devices.ts';
import { FleetIndex } from '#console/query/fleet-index.ts';
import { CustomerId, DeviceId, GroupId, newId, SiteId } from '#shared/base/id.ts';
import type { GrantOver } from '#shared/model/grant.ts';
import { actorWith } from '#test/fixtures/person-actor.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { wish } from './devices-suite.ts';
import { caller, makeEstate } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

const SEED = 20_261_123;
const ROUNDS = 300;
const VERB = 'device.read';

export function defineScopeTests(engine: TestEngine): void {
  async function open() {
    const estate = await makeEstate(engine);
    const devices = new Devices({ ...estate, onRosterChanged: () => undefined });
    const sites = [estate.siteId];
    for (const name of ['B', 'C']) {
      const made = await estate.sites.create(caller, { name, customerName: `Customer ${name === 'B' ? 'X' : 'Y'}` });
      sites.push(made.id);
    }
    sites.push((await estate.sites.create(caller, { name: 'D', customerName: 'Customer Y' })).id);
    for (const site of sites) {
      const { relay } = await estate.addRelay('site', site);
      const wishes = ['a', 'b', 'c'].map((tag) => ({ ...wish(relay, `${tag}-${site.slice(-4)}`), tags: [tag] }));
      await devices.createMany(caller, wishes);
    }
    const group = GroupId.parse(newId(1, estate.random));
    const row = { id: group, name: 'G', description: '', kind: 'rule', rule: 'tag:b', parent_id: null };
    await estate.store.db
      .insertInto('device_group')
      .values({ ...row, is_shipped: 0, created_at: 1 })
      .execute();
    const fleet = new FleetIndex({ ...estate, onFailure: (error) => expect(error).toBeUndefined() });
    await fleet.load();
    return { ...estate, fleet, sites, group };
  }

  describe(`scopes on ${engine.name}`, () => {
    test('what one may do to a thing, what a scope holds, and what the database finds are the same', async () => {
      const { store, fleet, sites, group } = await open();
      const random = seededRandom(SEED);
      const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T; // never empty
      const { db } = store;
      const devices = await db.selectFrom('device').select(['id', 'site_id']).orderBy('id').execute();
      const customers = (await db.selectFrom('customer').select('id').orderBy('id').execute()).map(({ id }) => id);
      const over = (): GrantOver =>
        pick<GrantOver>([
          { kind: 'everything' },
          { kind: 'customer', id: CustomerId.parse(pick(customers)) },
          { kind: 'site', id: pick(sites) },
          { kind: 'group', id: group },
          { kind: 'tag', id: pick(['a', 'b', 'c', 'none']) },
          { kind: 'device', id: DeviceId.parse(pick(devices).id) },
        ]);
      const grant = (n: number): Grant => ({
        ...{ id: `g${n}`, role: null, verbs: [pick([VERB, 'device.*', '*', 'site.read'])] },
        effect: pick(['allow', 'allow', 'deny'] as const),
        ...{ over: over(), from: null, until: pick([null, null, 1]), hours: null },
      });
      const kinds = new Set<string>();
      for (let round = 0; round < ROUNDS; round += 1) {
        const what = `seed ${SEED}, round ${round}`;
        const grants = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, n) => grant(n));
        const isLimited = random() < 0.3;
        const limits = { verbs: ['device.*'], over: [over(), over()], mayEndanger: false };
        const actor = actorWith(grants, isLimited ? { limits } : {});
        const decided = can(actor, VERB, undefined, 100);
        const scope = decided.allowed ? fleet.readScope(decided.scope) : undefined;
        kinds.add(scope?.kind ?? 'denied');
        const may = (kind: 'device' | 'site' | 'customer', id: string): boolean => {
          const { places } = fleet;
          const site = places.site(id);
          const things = {
            device: () => places.device(id)?.resource,
            site: () => site && { kind: 'site' as const, id, customer: site.customer },
            customer: () => ({ kind: 'customer' as const, id }),
          };
          const thing = things[kind]();
          return thing !== undefined && can(actor, VERB, thing, 100).allowed;
        };
        const seen = devices.map(({ id, site_id }) => [id, SiteId.parse(site_id)] as const);
        const byCan = seen.filter(([id]) => may('device', id)).map(([id]) => id);
        const inMemory = seen
          .filter(([id, site]) => scope && seesDevice(scope, site, DeviceId.parse(id)))
          .map(([id]) => id);
        expect([what, inMemory]).toEqual([what, byCan]);
        if (scope === undefined) continue;
        expect([what, await idsInScope(scope)]).toEqual([what, byCan]);
        expect([what, new Set(fleet.match(scope, 'name:*'))]).toEqual([what, new Set(byCan)]);
        const ofSites = sites.filter((id) => may('site', id));
        expect([what, sites.filter((id) => seesSite(scope, id))]).toEqual([what, ofSites]);
        const bySite = db.selectFrom('site').select('id').where(inScope(scope, 'site.id'));
        expect([what, new Set((await bySite.execute()).map(({ id }) => id))]).toEqual([what, new Set(ofSites)]);
        const ofCustomers = customers.filter((id) => may('customer', id));
        const told = customers.filter((id) => seesCustomer(scope, CustomerId.parse(id)));
        expect([what, told]).toEqual([what, ofCustomers]);
        const byCustomer = db.selectFrom('customer').select('id').where(customerInScope(scope, 'customer.id'));
        expect([what, (await byCustomer.orderBy('id').execute()).map(({ id }) => id)]).toEqual([what, ofCustomers]);
      }
      // Chance met every kind of answer.
      expect([...kinds].sort()).toEqual(['denied', 'everything', 'part']);

      async function idsInScope(scope: Scope): Promise<string[]> {
        const query = db
          .selectFrom('device')
          .select('id')
          .where(deviceInScope(scope, 'device.site_id', 'device.id'));
        return (await query.orderBy('id').execute()).map(({ id }) => id);
      }
    });
  });
}
