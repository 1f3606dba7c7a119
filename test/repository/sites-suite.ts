// Sites, enrolment, relays and watermarks on both engines, with the races that cost trust or data.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { EnrolmentTokens } from '#console/sites/enrolment.ts';
import {
  countLosses,
  insertGap,
  insertQuarantine,
  lockWatermark,
  peekWatermarks,
  setWatermark,
} from '#console/sites/watermarks.ts';
import { caller, type Estate, makeEstate, newRelay, scope } from './estate.ts';
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
      await relays.renew(relay.id, { serial: 'next', expiresAt: 5 });
      await relays.revoke(caller, relay.id);
      expect(revoked).toEqual([relay.id]);
      expect(await relays.find(scope, relay.id)).toMatchObject({ revokedAt: clock.now(), certificateSerial: 'next' });
      const renewing = relays.renew(relay.id, { serial: 'later', expiresAt: 9 });
      await expect(renewing).rejects.toMatchObject({ code: 'certificate-revoked' });
      await relays.revoke(caller, relay.id);
      expect(await verbs()).toEqual(['site.create', 'relay.enrol', 'relay.renew', 'relay.revoke']);
    });

    test('news of many relays is written at once, and what a link did not learn stays', async () => {
      const { relays, addRelay } = await makeEstate(engine);
      const [a, b] = [await addRelay(), await addRelay('leaf')];
      await relays.seen([
        { id: b.id, at: 10, clockSkewMs: 1.4, version: '2', epoch: 'e', rosterVersion: 3, charterVersion: 1 },
        { id: a.id, at: 11 },
      ]);
      expect(await relays.find(scope, a.id)).toMatchObject({ lastSeenAt: 11, clockSkewMs: null, version: '0.1.0' });
      expect(await relays.find(scope, b.id)).toMatchObject({
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

function defineWatermarkTests(engine: TestEngine): void {
  /** Stores batch `seq` once, as ingest does; false when it is stored already. */
  const store = (estate: Estate, relay: Parameters<typeof peekWatermarks>[1], seq: number) =>
    estate.store.transaction(async (tx) => {
      const mark = await lockWatermark(tx, relay, 'e', 2);
      if (seq <= mark.received) return false;
      const row = { relay_id: relay, epoch: 'e', hour: 1, lane: 2, seq, site_id: estate.siteId, samples: 1 };
      await tx
        .insertInto('metric_frame')
        .values({ ...row, data: new Uint8Array(1) })
        .execute();
      await setWatermark(tx, relay, 'e', { lane: 2, received: seq, durable: seq });
      return true;
    });

  describe(`watermarks on ${engine.name}`, () => {
    test('the same batch sent over many links at once is stored once', async () => {
      const estate = await makeEstate(engine);
      const relay = await estate.addRelay();
      for (const seq of [1, 2, 3]) {
        const stored = await Promise.all(Array.from({ length: 20 }, () => store(estate, relay.id, seq)));
        expect(stored.filter(Boolean)).toHaveLength(1);
      }
      const marks = await peekWatermarks(estate.store.db, relay.id, 'e');
      expect(marks.map((mark) => mark.received)).toEqual([0, 0, 3, 0]);
      expect(marks[2]).toEqual({ lane: 2, received: 3, durable: 3 });
    });

    test('epochs and relays have marks of their own', async () => {
      const estate = await makeEstate(engine);
      const [a, b] = [await estate.addRelay(), await estate.addRelay()];
      await store(estate, a.id, 5);
      expect((await peekWatermarks(estate.store.db, a.id, 'other'))[2]?.received).toBe(0);
      expect((await peekWatermarks(estate.store.db, b.id, 'e'))[2]?.received).toBe(0);
    });

    test('gaps and quarantine are receipts: counted once however often they are sent', async () => {
      const estate = await makeEstate(engine);
      const relay = await estate.addRelay();
      for (let i = 0; i < 2; i += 1)
        await estate.store.transaction(async (tx) => {
          await insertGap(tx, relay.id, 'e', { lane: 3, from: 4, to: 6, n: 900, reason: 'quota' }, 1);
          const data = new Uint8Array([1]);
          await insertQuarantine(tx, relay.id, 'e', {
            lane: 3,
            seq: 7,
            at: 1,
            code: 'crc-mismatch',
            message: 'x\0',
            data,
          });
        });
      expect(await countLosses(estate.store.db)).toEqual({ lost: 900, gaps: 1, quarantined: 1 });
    });

    test('an estate without losses counts zero', async () => {
      const { store: empty } = await makeEstate(engine);
      expect(await countLosses(empty.db)).toEqual({ lost: 0, gaps: 0, quarantined: 0 });
    });
  });
}

export function defineSitesTests(engine: TestEngine): void {
  defineTokenTests(engine);
  defineRelayTests(engine);
  defineWatermarkTests(engine);
}
