// Renaming a relay, and a new machine in the place of a broken one, on both engines.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { EnrolmentTokens } from '#console/sites/enrolment-tokens.ts';
import type { DeviceId, RelayId } from '#shared/base/id.ts';
import { makeDevices } from './devices-suite.ts';
import { caller, newRelay, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

async function open(engine: TestEngine) {
  const place = await makeDevices(engine);
  const { store, relays, random, siteId, devices } = place;
  const tokens = new EnrolmentTokens(place);
  const order = (id: RelayId, secret: string) => tokens.createReplacement(caller, scope, { id, hash: hashOf(secret) });
  /** What the enrolment desk does with a token, in its one transaction. */
  const redeem = async (secret: string) => {
    const relay = newRelay(random, siteId);
    await store.transaction(async (tx) => {
      const token = await tokens.consume(tx, hashOf(secret));
      const moveRoster = devices.moveRoster.bind(devices);
      const replaces = token.replaces === null ? undefined : { relay: token.replaces, moveRoster };
      await relays.enrol(tx, relay, { token: token.id, replaces });
    });
    return relay.id;
  };
  const pollerOf = async (id: DeviceId) => (await devices.find(scope, id))?.relayId;
  return { ...place, tokens, order, redeem, pollerOf };
}

export function defineReplaceTests(engine: TestEngine): void {
  describe(`relays with a new name, and in the place of another, on ${engine.name}`, () => {
    test('a new name is shown and audited with the former one, and nothing else changes', async () => {
      const { relays, addRelay, store, random, siteId } = await open(engine);
      const { relay } = await addRelay();
      const before = await relays.find(scope, relay);
      expect(await relays.rename(caller, scope, { id: relay, name: 'Keller' })).toEqual({ ...before, name: 'Keller' });
      expect(await relays.find(scope, relay)).toEqual({ ...before, name: 'Keller' });
      const row = await store.db
        .selectFrom('audit_log')
        .select(['verb', 'actor', 'resource', 'detail'])
        .orderBy('seq', 'desc')
        .executeTakeFirstOrThrow();
      expect(row).toMatchObject({ verb: 'relay.rename', actor: 'person:p1', resource: `relay:${relay}` });
      expect(JSON.parse(row.detail)).toEqual({ from: before?.name, to: 'Keller' });
      const unknown = relays.rename(caller, scope, { id: newRelay(random, siteId).id, name: 'x' });
      await expect(unknown).rejects.toMatchObject({ code: 'not-found' });
    });

    test('the new relay takes name and devices, the old one is revoked, and its own machine stays with it', async () => {
      const { relays, addRelay, add, order, redeem, pollerOf, told, revoked, devices, verbs } = await open(engine);
      const [{ relay: old }, { relay: other }] = [await addRelay(), await addRelay()];
      const own = await add(old, 'own', { transport: 'local', address: 'localhost' });
      const [a, b, c] = [await add(old, 'a'), await add(old, 'b'), await add(other, 'c')];
      await relays.rename(caller, scope, { id: old, name: 'Keller' });
      await order(old, 'secret');
      told.length = 0;
      const next = await redeem('secret');
      expect(await Promise.all([a, b, c, own].map(pollerOf))).toEqual([next, next, other, old]);
      expect(await relays.find(scope, next)).toMatchObject({ name: 'Keller', devices: 2, revokedAt: null });
      expect(await relays.find(scope, old)).toMatchObject({
        name: 'Keller',
        devices: 1,
        revokedAt: expect.any(Number),
      });
      expect((await devices.rosterFor(next)).devices.map(({ name }) => name).sort()).toEqual(['a', 'b']);
      expect((await devices.rosterFor(next)).version).toBeGreaterThan(1);
      expect(revoked).toEqual([old]);
      expect(told).toEqual([next]);
      expect((await verbs()).slice(-3)).toEqual(['relay.create-token', 'relay.enrol', 'relay.replace']);
    });

    test('new devices of the site go to the relay that took the place', async () => {
      const { addRelay, sites, siteId, order, redeem } = await open(engine);
      const [{ relay: old }, { relay: other }] = [await addRelay(), await addRelay()];
      await sites.update(caller, scope, siteId, { defaults: { relayId: other, tags: ['x'] } });
      await order(old, 'a');
      await redeem('a');
      expect((await sites.find(scope, siteId))?.defaults).toEqual({ relayId: other, tags: ['x'] });
      await order(other, 'b');
      const next = await redeem('b');
      expect((await sites.find(scope, siteId))?.defaults).toEqual({ relayId: next, tags: ['x'] });
    });

    test('what fails while the place is taken changes nothing: the old relay goes on', async () => {
      const { relays, addRelay, add, order, pollerOf, store, tokens, revoked, random, siteId } = await open(engine);
      const { relay: old } = await addRelay();
      const a = await add(old, 'a');
      await order(old, 'secret');
      const failing = store.transaction(async (tx) => {
        const token = await tokens.consume(tx, hashOf('secret'));
        const moveRoster = async () => {
          throw new Error('no room');
        };
        await relays.enrol(tx, newRelay(random, siteId), { token: token.id, replaces: { relay: old, moveRoster } });
      });
      await expect(failing).rejects.toThrow('no room');
      expect(await relays.find(scope, old)).toMatchObject({ revokedAt: null });
      expect(await pollerOf(a)).toBe(old);
      expect(revoked).toEqual([]);
      expect(await relays.list(scope)).toHaveLength(1);
    });

    test('of two tokens for one place the second finds it taken, and no third is made', async () => {
      const { relays, addRelay, add, order, redeem } = await open(engine);
      const { relay: old } = await addRelay();
      await add(old, 'a');
      await Promise.all([order(old, 'one'), order(old, 'two')]);
      await redeem('one');
      await expect(redeem('two')).rejects.toMatchObject({ code: 'conflict' });
      await expect(order(old, 'three')).rejects.toMatchObject({ code: 'conflict' });
      expect(await relays.list(scope)).toHaveLength(2);
    });

    test('two machines that come at once: one has the place', async () => {
      const { addRelay, add, order, redeem, pollerOf } = await open(engine);
      const { relay: old } = await addRelay();
      const a = await add(old, 'a');
      await Promise.all([order(old, 'one'), order(old, 'two')]);
      const came = await Promise.allSettled([redeem('one'), redeem('two')]);
      const won = came.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(won).toHaveLength(1);
      expect(await pollerOf(a)).toBe(won[0]);
    });

    test('a relay that was revoked before may still be replaced; a leaf may not', async () => {
      const { relays, addRelay, add, order, redeem, pollerOf } = await open(engine);
      const [{ relay: lost }, { relay: leaf }] = [await addRelay(), await addRelay('leaf')];
      const a = await add(lost, 'a');
      await relays.revoke(caller, lost);
      await order(lost, 'secret');
      const next = await redeem('secret');
      expect(await pollerOf(a)).toBe(next);
      await expect(order(leaf, 'other')).rejects.toMatchObject({ code: 'bad-request' });
    });
  });
}
