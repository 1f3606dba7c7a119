// Customers and what people write down about sites, on both engines.
import { describe, expect, test } from 'vitest';
import { Devices } from '#console/devices/devices.ts';
import { Customers } from '#console/sites/customers.ts';
import { CustomerId, GroupId, newId, SiteId } from '#shared/base/id.ts';
import { wish } from './devices-suite.ts';
import { caller, makeEstate, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

const lastDetail = async ({ store }: Awaited<ReturnType<typeof makeEstate>>): Promise<unknown> => {
  const query = store.db.selectFrom('audit_log').select('detail').orderBy('seq', 'desc').limit(1);
  return JSON.parse((await query.executeTakeFirstOrThrow()).detail);
};

export function defineCustomersTests(engine: TestEngine): void {
  const open = async () => {
    const estate = await makeEstate(engine);
    const told: string[] = [];
    const customers = new Customers({ ...estate, onCustomersChanged: () => told.push('customers') });
    return { ...estate, told, customers };
  };

  describe(`customers on ${engine.name}`, () => {
    test('customers are listed by name with their sites and devices, those without any too', async () => {
      const { customers, sites, addRelay, ...rest } = await open();
      const made = await customers.create(caller, { name: 'Acme', notes: 'pays late' });
      const site = await sites.create(caller, { name: 'Fra', customerName: 'Acme' });
      await sites.create(caller, { name: 'Ber', customerName: 'Acme' });
      await customers.create(caller, { name: 'Zeta' });
      const devices = new Devices({ ...rest, onRosterChanged: () => undefined });
      const { relay } = await addRelay('site', site.id);
      await devices.createMany(caller, [wish(relay, 'a'), wish(relay, 'b')]);
      expect(await customers.list(scope)).toEqual([
        { ...made, sites: 2, devices: 2 },
        expect.objectContaining({ name: 'Default', sites: 1, devices: 0 }),
        expect.objectContaining({ name: 'Zeta', sites: 0, devices: 0 }),
      ]);
      expect(await customers.find(scope, made.id)).toMatchObject({ notes: 'pays late', devices: 2 });
    });

    test('a name is given once; an edit tells old and new, and notes only as changed', async () => {
      const estate = await open();
      const { customers, told } = estate;
      const acme = await customers.create(caller, { name: 'Acme' });
      await expect(customers.create(caller, { name: 'Acme' })).rejects.toMatchObject({ code: 'conflict' });
      const changed = await customers.update(caller, scope, acme.id, { name: 'Acme SE', notes: 'long story' });
      expect(changed).toEqual({ ...acme, name: 'Acme SE', notes: 'long story' });
      expect(await lastDetail(estate)).toEqual({ 'name.from': 'Acme', 'name.to': 'Acme SE', notes: 'changed' });
      await expect(customers.update(caller, scope, acme.id, { name: 'Default' })).rejects.toMatchObject({
        code: 'conflict',
        message: 'a customer "Default" exists already',
      });
      await customers.update(caller, scope, acme.id, { name: 'Acme SE' });
      expect(told).toEqual(['customers', 'customers']);
      const nobody = CustomerId.parse(newId(1));
      await expect(customers.update(caller, scope, nobody, { name: 'x' })).rejects.toMatchObject({ code: 'not-found' });
    });
  });

  describe(`edits of sites on ${engine.name}`, () => {
    test('a site is described, renamed and moved to another customer', async () => {
      const estate = await open();
      const { sites, customers, siteId } = estate;
      const acme = await customers.create(caller, { name: 'Acme' });
      const contact = { name: 'Ada', email: 'ada@acme.test', phone: '+49 30 1' };
      const change = { name: 'Fra', customerId: acme.id, timeZone: 'Europe/Berlin', address: 'Hall 3', contact };
      expect(await sites.update(caller, scope, siteId, { ...change, notes: 'key at the gate' })).toMatchObject({
        ...change,
        customerName: 'Acme',
        notes: 'key at the gate',
      });
      expect(await lastDetail(estate)).toMatchObject({
        'name.from': 'Main',
        'name.to': 'Fra',
        'contact.to': JSON.stringify(contact),
        notes: 'changed',
      });
      await sites.create(caller, { name: 'Ber', customerName: 'Acme' });
      await expect(sites.update(caller, scope, siteId, { name: 'Ber' })).rejects.toMatchObject({ code: 'conflict' });
      const nobody = CustomerId.parse(newId(1));
      await expect(sites.update(caller, scope, siteId, { customerId: nobody })).rejects.toMatchObject({
        code: 'conflict',
        message: `there is no customer ${nobody}`,
      });
      const nowhere = SiteId.parse(newId(1));
      await expect(sites.update(caller, scope, nowhere, { name: 'x' })).rejects.toMatchObject({ code: 'not-found' });
    });

    test('defaults name a relay of the site that polls, and groups by hand', async () => {
      const { sites, addRelay, relays, store, siteId } = await open();
      const set = (defaults: object) => sites.update(caller, scope, siteId, { defaults });
      const group = (id: string, kind: string) =>
        store.db
          .insertInto('device_group')
          .values({ id, name: id, description: '', kind, rule: null, parent_id: null, is_shipped: 0, created_at: 1 })
          .execute();
      const [hand, rule, nobody] = [newId(1), newId(2), newId(3)].map((id) => GroupId.parse(id));
      await group(hand ?? '', 'hand');
      await group(rule ?? '', 'rule');
      const elsewhere = await sites.create(caller, { name: 'Other' });
      const [own, foreign, dead] = [await addRelay(), await addRelay('site', elsewhere.id), await addRelay()];
      await relays.revoke(caller, dead.relay);
      const refused = { code: 'bad-request', message: expect.stringMatching(/^defaults\./) };
      for (const relayId of [foreign.relay, dead.relay]) await expect(set({ relayId })).rejects.toMatchObject(refused);
      for (const id of [rule, nobody]) await expect(set({ groupIds: [hand, id] })).rejects.toMatchObject(refused);
      const defaults = { relayId: own.relay, groupIds: [hand], tags: ['new'], intervalMs: 30_000 };
      expect(await set(defaults)).toMatchObject({ defaults });
      const making = sites.create(caller, { name: 'New', defaults: { relayId: own.relay } });
      await expect(making).rejects.toMatchObject(refused);
    });
  });
}
