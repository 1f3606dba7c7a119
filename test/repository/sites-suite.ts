// Sites, enrolment and relays on both engines, with the races that cost trust.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { EnrolmentTokens } from '#console/sites/enrolment-tokens.ts';
import { countLosses } from '#console/sites/losses.ts';
import { caller, makeEstate, newRelay, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

const HOUR = 3_600_000;
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

function defineTokenTests(engine: TestEngine): void {
  const open = async () => {
    const estate = await makeEstate(engine);
    return { ...estate, tokens: new EnrolmentTokens(estate) };
  };

  describe(`enrolment tokens on ${engine.name}`, () => {
    test('of 100 uses at once of a single-use token exactly one succeeds', async () => {
      const { store, tokens, siteId } = await open();
      await tokens.create(caller, { hash: hashOf('a'), siteId, kind: 'site' });
      const uses = await Promise.allSettled(
        Array.from({ length: 100 }, () => store.transaction((tx) => tokens.consume(tx, hashOf('a')))),
      );
      expect(uses.filter((use) => use.status === 'fulfilled')).toHaveLength(1);
      for (const use of uses) if (use.status === 'rejected') expect(use.reason).toMatchObject({ code: 'token-used' });
    });

    test('a leaf token lets in as many machines as it says, not one more', async () => {
      const { store, tokens, siteId } = await open();
      await tokens.create(caller, { hash: hashOf('a'), siteId, kind: 'leaf', uses: 5 });
      const uses = await Promise.allSettled(
        Array.from({ length: 20 }, () => store.transaction((tx) => tokens.consume(tx, hashOf('a')))),
      );
      expect(uses.filter((use) => use.status === 'fulfilled')).toHaveLength(5);
    });

    test('a failed enrolment gives its use back', async () => {
      const { store, tokens, siteId } = await open();
      await tokens.create(caller, { hash: hashOf('a'), siteId, kind: 'site' });
      const failing = store.transaction(async (tx) => {
        await tokens.consume(tx, hashOf('a'));
        throw new Error('no certificate');
      });
      await expect(failing).rejects.toThrow('no certificate');
      const taken = await store.transaction((tx) => tokens.consume(tx, hashOf('a')));
      expect(taken).toMatchObject({ siteId, kind: 'site', usesLeft: 0 });
      expect(await tokens.list(scope)).toEqual([]);
    });

    test('unknown and expired tokens are told apart', async () => {
      const { store, tokens, siteId, clock } = await open();
      const use = (hash: string) => store.transaction((tx) => tokens.consume(tx, hash));
      await expect(use(hashOf('never made'))).rejects.toMatchObject({ code: 'token-unknown' });
      const made = await tokens.create(caller, { hash: hashOf('a'), siteId, kind: 'site' });
      expect(made.expiresAt).toBe(clock.now() + HOUR);
      clock.jump(HOUR);
      await expect(use(hashOf('a'))).rejects.toMatchObject({ code: 'token-expired' });
    });

    test.each([
      ['a day and a millisecond', { kind: 'site', expiresInMs: 24 * HOUR + 1 }],
      ['a site token for two', { kind: 'site', uses: 2 }],
      ['more than 1,000 leaves', { kind: 'leaf', uses: 1_001 }],
      ['no use at all', { kind: 'leaf', uses: 0 }],
      ['the secret instead of its hash', { kind: 'site', hash: 'secret' }],
    ] as const)('a token for %s is refused', async (_what, wish) => {
      const { tokens, siteId } = await open();
      const making = tokens.create(caller, { hash: hashOf('a'), siteId, ...wish });
      await expect(making).rejects.toMatchObject({ code: 'bad-request' });
    });
  });
}

function defineRelayTests(engine: TestEngine): void {
  describe(`sites and relays on ${engine.name}`, () => {
    test('sites are listed with their customer, and a second of the same name is refused', async () => {
      const { sites, addRelay } = await makeEstate(engine);
      const made = await sites.create(caller, { name: 'Fra', customerName: 'Acme', timeZone: 'Europe/Berlin' });
      await addRelay();
      expect((await sites.list(scope)).map((site) => [site.customerName, site.name])).toEqual([
        ['Acme', 'Fra'],
        ['Default', 'Main'],
      ]);
      expect(await sites.find(scope, made.id)).toEqual(made);
      expect(await sites.findByName(scope, 'Fra', 'Acme')).toEqual(made);
      await expect(sites.create(caller, { name: 'Main' })).rejects.toMatchObject({ code: 'conflict' });
      await sites.create(caller, { name: 'Main', customerName: 'Acme' });
    });

    test('a relay is found by the key that its certificate proved', async () => {
      const { store, relays, siteId, random } = await makeEstate(engine);
      const relay = newRelay(random, siteId);
      await store.transaction((tx) => relays.enrol(tx, relay, { token: 't', address: '192.0.2.1' }));
      expect(await relays.byKey(relay.keyId)).toMatchObject({
        id: relay.id,
        siteId,
        revokedAt: null,
        rosterVersion: 1,
      });
      expect(await relays.byKey('other')).toBeUndefined();
    });

    test('the same key is not enrolled twice', async () => {
      const { store, relays, siteId, random } = await makeEstate(engine);
      const relay = newRelay(random, siteId);
      await store.transaction((tx) => relays.enrol(tx, relay, { token: 't' }));
      const again = { ...newRelay(random, siteId), keyId: relay.keyId };
      const enrolling = store.transaction((tx) => relays.enrol(tx, again, { token: 't' }));
      await expect(enrolling).rejects.toMatchObject({ code: 'conflict' });
    });

    test('a revoked relay gets no new certificate, and its link is told to end after the row is durable', async () => {
      const { relays, revoked, clock, addRelay, verbs } = await makeEstate(engine);
      const relay = await addRelay();
      await relays.renew(relay.relay, { serial: 'next', expiresAt: 5 });
      await relays.revoke(caller, relay.relay);
      expect(revoked).toEqual([relay.relay]);
      expect(await relays.find(scope, relay.relay)).toMatchObject({
        revokedAt: clock.now(),
        certificateSerial: 'next',
      });
      const renewing = relays.renew(relay.relay, { serial: 'later', expiresAt: 9 });
      await expect(renewing).rejects.toMatchObject({ code: 'certificate-revoked' });
      await relays.revoke(caller, relay.relay);
      expect(await verbs()).toEqual(['site.create', 'relay.enrol', 'relay.renew', 'relay.revoke']);
    });

    test('news of many relays is written at once, and what a link did not learn stays', async () => {
      const { relays, addRelay } = await makeEstate(engine);
      const [a, b] = [await addRelay(), await addRelay('leaf')];
      await relays.seen([
        { id: b.relay, at: 10, clockSkewMs: 1.4, version: '2', epoch: 'e', rosterVersion: 3, charterVersion: 1 },
        { id: a.relay, at: 11 },
      ]);
      expect(await relays.find(scope, a.relay)).toMatchObject({ lastSeenAt: 11, clockSkewMs: null, version: '0.1.0' });
      expect(await relays.find(scope, b.relay)).toMatchObject({
        kind: 'leaf',
        lastSeenAt: 10,
        clockSkewMs: 1,
        version: '2',
        heldRosterVersion: 3,
        heldCharterVersion: 1,
        epoch: 'e',
      });
      expect(await relays.list(scope)).toHaveLength(2);
    });
  });
}

function defineLossTests(engine: TestEngine): void {
  describe(`losses on ${engine.name}`, () => {
    test('gaps and quarantine are summed over all relays, and an estate without losses counts zero', async () => {
      const { store } = await makeEstate(engine);
      expect(await countLosses(store.db)).toEqual({ lost: 0, gaps: 0, quarantined: 0 });
      const at = { epoch: 'e', lane: 3, at: 1 };
      const gap = { ...at, from_seq: 4, to_seq: 6, n: 900, reason: 'quota' };
      await store.db
        .insertInto('gap')
        .values([
          { ...gap, relay_id: 'a' },
          { ...gap, relay_id: 'b' },
        ])
        .execute();
      const batch = { ...at, relay_id: 'a', seq: 7, code: 'crc-mismatch', message: 'x', data: new Uint8Array([1]) };
      await store.db.insertInto('quarantine').values(batch).execute();
      expect(await countLosses(store.db)).toEqual({ lost: 1_800, gaps: 2, quarantined: 1 });
    });
  });
}

export function defineSitesTests(engine: TestEngine): void {
  defineTokenTests(engine);
  defineRelayTests(engine);
  defineLossTests(engine);
}
