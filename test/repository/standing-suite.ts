// Standing orders and firings on both engines: kept as signed, carried to their relay alone, ended for good; a firing is its relay's own.
import { describe, expect, test } from 'vitest';
import { firstCharter, judgeFirstCharter, storeCharter } from '#console/trust/charter-service.ts';
import {
  judgeStanding,
  standingFor,
  standingOrder,
  standingOrders,
  storeStanding,
  whyNotAt,
} from '#console/trust/standing-service.ts';
import { type DeviceId, ManifestId, newId, StandingId } from '#shared/base/id.ts';
import type { FiringRecord } from '#shared/model/record.ts';
import type { SignedStanding, StandingOrder } from '#shared/model/standing-order.ts';
import { signStanding } from '#shared/seal/standing-seal.ts';
import { keyOfWord } from '#test/fixtures/sample-trust.ts';
import { open as openActions } from './actions-kit.ts';
import { caller, makeEstate, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

const DAY = 86_400_000;

async function open(engine: TestEngine) {
  const estate = await makeEstate(engine);
  const { store, clock, siteId: site } = estate;
  const link = await estate.addRelay();
  const [owner, cli] = [await keyOfWord('owner'), await keyOfWord('cli')];
  const cliSigner = cli.publicKey;
  const signedCharter = await firstCharter({
    site,
    owner: { key: owner, publicKey: owner.publicKey },
    cliSigner,
    now: clock.now(),
  });
  const judged = await judgeFirstCharter(site, signedCharter, owner.publicKey);
  await store.transaction((tx) => storeCharter(tx, judged, clock.now()));
  const order: StandingOrder = {
    ...{ v: 1, kind: 'standing', id: StandingId.parse(newId(clock.now(), estate.random)), site, relay: link.relay },
    name: 'free the cache',
    trigger: { type: 'daily', minuteUtc: 210 },
    targets: [{ device: newId(1, estate.random) as DeviceId, identity: { macs: [] } }], // the relay looks at it, not the console
    action: { name: 'command.run', arguments: { command: 'true' } },
    caps: { timeoutMs: 1_000, outputBytes: 0, concurrency: 1 },
    coolDownMs: 60_000,
    nbf: clock.now(),
    exp: clock.now() + DAY,
    charterVersion: 1,
    reason: '',
  };
  const put = async (signed: SignedStanding) => {
    const one = await judgeStanding(store.db, scope, signed, clock.now());
    return store.transaction((tx) => storeStanding(tx, caller, one, clock.now()));
  };
  const { id, relay } = order;
  const withdrawal = { v: 1, kind: 'withdrawal', id, site, relay, at: clock.now(), reason: '' } as const;
  return { ...estate, link, cli, order, put, withdrawal };
}

export function defineStandingTests(engine: TestEngine): void {
  describe(`standing orders on ${engine.name}`, () => {
    test('one is kept as it was signed, told to its relay and to no other', async () => {
      const { store, order, cli, put, link, addRelay, siteId, clock } = await open(engine);
      const signed = await signStanding(order, [cli]);
      expect(await put(signed)).toEqual({ state: 'active', relayId: link.relay });
      expect((await standingOrder(store.db, scope, order.id)).signed).toEqual(signed);
      expect(await standingOrders(store.db, scope, siteId)).toHaveLength(1);
      expect(await standingFor(store.db, scope, link.relay, clock.now())).toEqual([signed]);
      expect(await standingFor(store.db, scope, (await addRelay()).relay, clock.now())).toEqual([]);
      await expect(put(signed)).rejects.toMatchObject({ code: 'conflict' });
    });

    test('a withdrawn one goes to its relay as its withdrawal, and comes back under no signature', async () => {
      const { store, order, cli, put, link, withdrawal, clock } = await open(engine);
      const signed = await signStanding(order, [cli]);
      await put(signed);
      const ended = await signStanding(withdrawal, [cli]);
      expect((await put(ended)).state).toBe('withdrawn');
      expect(await standingFor(store.db, scope, link.relay, clock.now())).toEqual([ended]);
      await expect(put(signed)).rejects.toMatchObject({ code: 'conflict' });
      await expect(put(ended)).rejects.toMatchObject({ code: 'conflict' });
    });

    test('an order that has ended is told no more, a withdrawal a week longer for clocks that are behind', async () => {
      const { store, order, cli, put, link, withdrawal, clock } = await open(engine);
      await put(await signStanding(order, [cli]));
      const told = (later: number) => standingFor(store.db, scope, link.relay, clock.now() + later);
      expect(await told(DAY - 1)).toHaveLength(1);
      expect(await told(DAY)).toEqual([]);
      const ended = await signStanding(withdrawal, [cli]);
      await put(ended);
      expect(await told(DAY)).toEqual([ended]);
      expect(await told(8 * DAY)).toEqual([]);
    });

    test('a relay holds a hundred: one more is refused here, and not only there', async () => {
      const { order, cli, put, withdrawal, clock, random } = await open(engine);
      const another = () => ({ ...order, id: StandingId.parse(newId(clock.now(), random)) });
      for (let n = 0; n < 99; n += 1) await put(await signStanding(another(), [cli]));
      await put(await signStanding(order, [cli]));
      const more = await signStanding(another(), [cli]);
      await expect(put(more)).rejects.toMatchObject({ code: 'cap-exceeded' });
      await put(await signStanding(withdrawal, [cli]));
      expect((await put(more)).state).toBe('active');
    });

    test('what no signer of the charter signed is not kept, and what has expired says why it does not fire', async () => {
      const { store, order, cli, put, clock } = await open(engine);
      await expect(put(await signStanding(order, [await keyOfWord('eve')]))).rejects.toMatchObject({
        code: 'signature-invalid',
      });
      await put(await signStanding(order, [cli]));
      const found = await standingOrder(store.db, scope, order.id);
      expect(await whyNotAt(store.db, scope, clock.now())(found)).toBeUndefined();
      expect(await whyNotAt(store.db, scope, clock.now() + DAY)(found)).toContain('expired');
    });

    test('a withdrawal of what is not there, and an order for a relay of another site, are refused', async () => {
      const { order, cli, put, withdrawal } = await open(engine);
      await expect(put(await signStanding(withdrawal, [cli]))).rejects.toMatchObject({ code: 'not-found' });
      const relay = newId(1) as StandingOrder['relay']; // nobody's
      await expect(put(await signStanding({ ...order, relay }, [cli]))).rejects.toMatchObject({
        code: 'manifest-retargeted',
      });
    });
  });

  describe(`what relays ran of themselves on ${engine.name}`, () => {
    test('a firing is an action of its relay, with its own devices, that is never due and settles by its outcomes', async () => {
      const { add, link, actions, store, addRelay, apply, settled, cancels } = await openActions(engine);
      const [own, foreign] = [await add(link.relay, 'a'), await add((await addRelay()).relay, 'b')];
      const manifest = ManifestId.parse(newId(5));
      const firing: FiringRecord = {
        ...{ type: 'firing', at: 7, manifest, source: 'standing', of: newId(6), action: 'command.run' },
        ...{ reason: 'test', expiresAt: 9_000_000_000_000, devices: [own, foreign, own] },
      };
      const tell = () => store.transaction((tx) => actions.applyFirings(tx, link, [firing]));
      await tell();
      await tell();
      const action = await actions.find(scope, manifest);
      expect(action).toMatchObject({
        state: 'sent',
        targets: 1,
        origin: `standing:${firing.of}`,
        counts: { accepted: 1 },
      });
      expect(await actions.due(link.relay, 10)).toEqual([]);
      await actions.cancel(caller, scope, manifest);
      expect(cancels).toEqual([manifest]);
      await apply([{ type: 'outcome', manifest, device: own, at: 9, state: 'succeeded' }]);
      expect(settled).toEqual([manifest]);
    });

    test('a relay cannot take the id of an action that is there', async () => {
      const { add, link, actions, store, submit } = await openActions(engine);
      const device = await add(link.relay, 'a');
      const manifest = await submit([device]);
      const firing: FiringRecord = {
        ...{ type: 'firing', at: 7, manifest, source: 'break-glass', of: newId(6), action: 'command.run' },
        ...{ reason: 'mine', expiresAt: 9, devices: [device] },
      };
      await store.transaction((tx) => actions.applyFirings(tx, link, [firing]));
      expect(await actions.find(scope, manifest)).toMatchObject({ reason: 'test', origin: null, state: 'queued' });
    });
  });
}
