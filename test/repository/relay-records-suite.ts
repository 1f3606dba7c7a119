// What relays tell, on both engines: states, identities, one machine seen twice, and what is not theirs to tell.
import { describe, expect, test } from 'vitest';
import { listRelayEvents } from '#console/devices/event-repository.ts';
import { RelayRecords } from '#console/devices/relay-records.ts';
import type { Link } from '#console/sites/relays.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import type { FactRecord, IdentityRecord, StateRecord } from '#shared/model/record.ts';
import { identityNo, makeDevices } from './devices-suite.ts';
import { caller, scope } from './estate.ts';
import { lingerInside, type TestEngine } from './test-engine.ts';

const state = (device: DeviceId, status: StateRecord['status'], more: Partial<StateRecord> = {}): StateRecord => ({
  type: 'state',
  device,
  at: 5,
  status,
  ...more,
});

const shown = (
  device: DeviceId,
  identity: DeviceIdentity,
  verdict: IdentityRecord['verdict'] = 'new',
): IdentityRecord => ({
  type: 'identity',
  device,
  at: 6,
  verdict,
  identity,
  system: 'linux',
  hostname: 'host',
});

async function open(engine: TestEngine) {
  const kit = await makeDevices(engine);
  const { store, records, devices } = kit;
  return {
    ...kit,
    states: (link: Link, ...some: StateRecord[]) => store.transaction((tx) => records.applyStates(tx, link, some)),
    identities: (link: Link, ...some: IdentityRecord[]) =>
      store.transaction((tx) => records.applyIdentities(tx, link, some)),
    enrolOwn: (link: Link, kind: 'site' | 'leaf', identity: DeviceIdentity, hostname = 'host') =>
      store.transaction((tx) => devices.enrolOwnMachine(tx, link, { kind, hostname, identity, system: 'linux' })),
    rosterOf: async (link: Link) => (await devices.rosterFor(link.relay)).devices.map((line) => line.device),
    eventsOf: async (id: DeviceId) =>
      (await devices.events(scope, id, 50)).map((event) => [event.type, event.severity]),
  };
}

function defineStateTests(engine: TestEngine): void {
  describe(`states on ${engine.name}`, () => {
    test('a state is shown, and an event tells each change once', async () => {
      const { addRelay, add, states, devices, clock } = await open(engine);
      const link = await addRelay();
      const id = await add(link.relay, 'a');
      await states(link, state(id, 'up'), state(id, 'up'));
      await states(link, state(id, 'down', { at: 9, reason: 'timed-out', detail: 'no\0answer' }));
      expect(await devices.find(scope, id)).toMatchObject({
        status: 'down',
        statusReason: 'timed-out',
        statusDetail: 'no\uFFFDanswer',
        statusAt: 9,
      });
      expect(await devices.events(scope, id, 50)).toEqual([
        {
          seq: expect.any(Number),
          at: 9,
          receivedAt: clock.now(),
          deviceId: id,
          type: 'state',
          severity: 'warning',
          code: 'timed-out',
          detail: 'down (timed-out: no\uFFFDanswer)',
        },
        expect.objectContaining({ severity: 'info', detail: 'up' }),
      ]);
      expect(await devices.countByStatus(scope)).toMatchObject({ down: 1, unknown: 0 });
    });

    test('a relay tells nothing of devices that are not its own', async () => {
      const { addRelay, add, states, identities, devices } = await open(engine);
      const [mine, other] = [await addRelay(), await addRelay()];
      const id = await add(mine.relay, 'a');
      await states(other, state(id, 'down'));
      await identities(other, shown(id, identityNo(1)));
      expect(await devices.find(scope, id)).toMatchObject({ status: 'unknown', identity: null });
      expect(await devices.events(scope, id, 50)).toEqual([]);
    });

    test('events are forgotten by the time they were received', async () => {
      const { addRelay, add, states, devices, clock, eventsOf } = await open(engine);
      const link = await addRelay();
      const id = await add(link.relay, 'a');
      await states(link, state(id, 'up'));
      clock.jump(1_000);
      await states(link, state(id, 'down'));
      expect(await devices.forgetEvents(clock.now())).toBe(1);
      expect(await eventsOf(id)).toEqual([['state', 'warning']]);
    });

    test('500 states of one batch are applied in their order', async () => {
      const { addRelay, devices, states } = await open(engine);
      const link = await addRelay();
      const wishes = Array.from({ length: 250 }, (_, i) => ({
        relayId: link.relay,
        name: `d${i}`,
        transport: 'ssh' as const,
        address: 'x',
        intervalMs: 60_000,
      }));
      const ids = await devices.createMany(caller, wishes);
      await states(link, ...ids.map((id) => state(id, 'down')), ...ids.map((id) => state(id, 'up')));
      expect(await devices.countByStatus(scope)).toMatchObject({ up: 250, down: 0 });
    });
  });
}

function defineIdentityTests(engine: TestEngine): void {
  describe(`identities on ${engine.name}`, () => {
    test('the first identity is pinned, later kinds are added, nothing pinned changes by itself', async () => {
      const { addRelay, add, identities, devices } = await open(engine);
      const link = await addRelay();
      const id = await add(link.relay, 'a');
      const { smbiosUuid: _, ...first } = identityNo(1);
      await identities(link, shown(id, first));
      await identities(link, shown(id, identityNo(1), 'enriched'));
      expect(await devices.find(scope, id)).toMatchObject({
        identity: identityNo(1),
        system: 'linux',
        hostname: 'host',
      });
    });

    test('another machine is shown beside the pinned identity, and its acceptance pins it', async () => {
      const { addRelay, add, identities, devices, eventsOf } = await open(engine);
      const link = await addRelay();
      const id = await add(link.relay, 'a');
      await identities(link, shown(id, identityNo(1)), shown(id, identityNo(2), 'changed'));
      expect(await devices.find(scope, id)).toMatchObject({ identity: identityNo(1), seenIdentity: identityNo(2) });
      // Told when the order is carried out, before a session shows what runs there.
      await identities(link, { ...shown(id, identityNo(2)), system: 'unknown' });
      const accepted = { identity: identityNo(2), seenIdentity: null, system: 'linux' };
      expect(await devices.find(scope, id)).toMatchObject(accepted);
      expect(await eventsOf(id)).toEqual([
        ['identity', 'warning'],
        ['identity', 'critical'],
        ['identity', 'info'],
      ]);
    });

    test('a device is called what its machine says, and only its own relay can say it', async () => {
      const { addRelay, add, records, store, devices, identities } = await open(engine);
      const [link, other] = [await addRelay(), await addRelay()];
      const id = await add(link.relay, 'a');
      await identities(link, shown(id, identityNo(1)));
      const renamed = (hostname: unknown): FactRecord => {
        const body = JSON.stringify({ family: 'linux', hostname });
        return { type: 'fact', device: id, at: 7, kind: 'os', hash: '0'.repeat(64), body };
      };
      const tell = (by: Link, hostname: unknown) =>
        store.transaction((tx) => records.applyHostnames(tx, by, [renamed(hostname)]));
      await tell(link, 'moved');
      await tell(other, 'stolen');
      await tell(link, null);
      expect(await devices.find(scope, id)).toMatchObject({ name: 'a', hostname: 'moved' });
    });

    test('a pin that changes without being announced is critical', async () => {
      const { addRelay, add, identities, eventsOf } = await open(engine);
      const link = await addRelay();
      const id = await add(link.relay, 'a');
      await identities(link, shown(id, identityNo(1)), shown(id, identityNo(2)));
      expect((await eventsOf(id))[0]).toEqual(['identity', 'critical']);
    });

    test('clones that share everything but their interfaces stay five devices', async () => {
      const { addRelay, add, identities, rosterOf, eventsOf } = await open(engine);
      const link = await addRelay();
      const clone = (n: number): DeviceIdentity => ({ ...identityNo(1), macs: [`0a:00:00:00:01:0${n}`] });
      const ids = [];
      for (const n of [1, 2, 3, 4, 5]) ids.push(await add(link.relay, `clone${n}`));
      await identities(link, ...ids.map((id, n) => shown(id, clone(n))));
      expect(new Set(await rosterOf(link))).toEqual(new Set(ids));
      for (const id of ids) expect(await eventsOf(id)).toEqual([['identity', 'info']]);
    });

    test('two lines of a roster that are one machine stay, and people are told', async () => {
      const { addRelay, add, identities, rosterOf, eventsOf } = await open(engine);
      const link = await addRelay();
      const [a, b] = [await add(link.relay, 'a'), await add(link.relay, 'b')];
      await identities(link, shown(a, identityNo(1)), shown(b, identityNo(1)));
      expect(await rosterOf(link)).toHaveLength(2);
      expect(await eventsOf(b)).toContainEqual(['same-machine', 'warning']);
    });
  });
}

function defineLeafTests(engine: TestEngine): void {
  describe(`leaves on ${engine.name}`, () => {
    test('a leaf that enrols takes its machine over from the site relay: same device, polled by the leaf', async () => {
      const { addRelay, add, identities, enrolOwn, rosterOf, devices, told, verbs } = await open(engine);
      const site = await addRelay();
      const id = await add(site.relay, 'laptop', { credential: 'key' });
      await identities(site, shown(id, identityNo(1)));
      const leaf = await addRelay('leaf');
      told.length = 0;
      expect(await enrolOwn(leaf, 'leaf', identityNo(1))).toBe(id);
      expect(await rosterOf(site)).toEqual([]);
      expect(await rosterOf(leaf)).toEqual([id]);
      expect(await devices.find(scope, id)).toMatchObject({
        name: 'laptop',
        relayId: leaf.relay,
        transport: 'local',
        credential: null,
        identity: identityNo(1),
      });
      expect(new Set(told)).toEqual(new Set([site.relay, leaf.relay]));
      expect(await verbs()).toContain('device.take-over');
    });

    test('the site relay that meets a leaf machine later loses its line to it', async () => {
      const { addRelay, add, identities, enrolOwn, rosterOf, devices, told, verbs, states } = await open(engine);
      const leaf = await addRelay('leaf');
      const own = await enrolOwn(leaf, 'leaf', identityNo(1), 'laptop');
      const site = await addRelay();
      const line = await add(site.relay, 'by address');
      told.length = 0;
      await identities(site, shown(line, identityNo(1)));
      expect(await rosterOf(site)).toEqual([]);
      expect(await rosterOf(leaf)).toEqual([own]);
      expect(await devices.find(scope, line)).toBeUndefined();
      expect(told).toEqual([site.relay]);
      expect(await verbs()).toContain('device.merge');
      await states(site, state(line, 'down'));
      expect(await devices.countByStatus(scope)).toMatchObject({ unknown: 1, down: 0 });
    });

    test('a leaf whose identity comes late takes over too, and its provisional device goes', async () => {
      const { addRelay, add, identities, enrolOwn, rosterOf, devices } = await open(engine);
      const site = await addRelay();
      const id = await add(site.relay, 'laptop');
      await identities(site, shown(id, identityNo(1)));
      const leaf = await addRelay('leaf');
      const provisional = await enrolOwn(leaf, 'leaf', { macs: [] });
      expect(await rosterOf(leaf)).toEqual([provisional]);
      if (provisional === undefined) throw new Error('a new machine gets a device');
      await identities(leaf, shown(provisional, identityNo(1)));
      expect(await rosterOf(leaf)).toEqual([id]);
      expect(await rosterOf(site)).toEqual([]);
      expect(await devices.find(scope, provisional)).toBeUndefined();
    });

    test('a leaf installed anew is the same device again', async () => {
      const { addRelay, enrolOwn, rosterOf } = await open(engine);
      const [first, second] = [await addRelay('leaf'), await addRelay('leaf')];
      const id = await enrolOwn(first, 'leaf', identityNo(1));
      expect(await enrolOwn(second, 'leaf', identityNo(1))).toBe(id);
      expect(await rosterOf(first)).toEqual([]);
      expect(await rosterOf(second)).toEqual([id]);
    });

    test('a site relay gets its own machine as its first device', async () => {
      const { addRelay, enrolOwn, devices } = await open(engine);
      const site = await addRelay();
      const id = await enrolOwn(site, 'site', identityNo(1), 'fra-1');
      expect(await devices.rosterFor(site.relay)).toMatchObject({
        devices: [{ device: id, name: 'fra-1', transport: 'local', address: 'localhost', intervalMs: 10_000 }],
      });
    });

    test('a machine of another site is never taken over, whatever a relay claims', async () => {
      const { addRelay, enrolOwn, rosterOf, sites } = await open(engine);
      const victim = await addRelay('leaf');
      const id = await enrolOwn(victim, 'leaf', identityNo(1));
      const other = await sites.create(caller, { name: 'Other' });
      const attacker = await addRelay('leaf', other.id);
      expect(await enrolOwn(attacker, 'leaf', identityNo(1))).not.toBe(id);
      expect(await rosterOf(victim)).toEqual([id]);
    });

    test('two relays that meet one machine at the same moment end with one device', async () => {
      const { addRelay, add, identities, rosterOf, store, devices } = await open(engine);
      const site = await addRelay();
      const line = await add(site.relay, 'laptop');
      const leaf = await addRelay('leaf');
      const machine = { kind: 'leaf' as const, hostname: 'laptop', identity: identityNo(1), system: 'linux' as const };
      let enrolling: Promise<DeviceId | undefined> | undefined;
      const begun = new Promise<void>((resolve) => {
        enrolling = store.transaction(async (tx) => {
          const own = await devices.enrolOwnMachine(tx, leaf, machine);
          resolve();
          await lingerInside(tx);
          return own;
        });
      });
      await begun;
      const [own] = await Promise.all([enrolling, identities(site, shown(line, identityNo(1)))]);
      expect(await rosterOf(site)).toEqual([]);
      expect(await rosterOf(leaf)).toEqual([own]);
    });
  });
}

function defineTellingTests(engine: TestEngine): void {
  describe(`events and audit of relays on ${engine.name}`, () => {
    test('browsers hear of states that are the relay\u2019s own to tell', async () => {
      const { addRelay, add, store, audit, clock } = await open(engine);
      const told: DeviceId[] = [];
      const onStates = (_site: unknown, some: readonly StateRecord[]) => told.push(...some.map((one) => one.device));
      const records = new RelayRecords({ audit, clock, onRosterChanged: () => undefined, onStates });
      const [mine, other] = [await addRelay(), await addRelay()];
      const [own, foreign] = [await add(mine.relay, 'a'), await add(other.relay, 'b')];
      await store.transaction((tx) => records.applyStates(tx, mine, [state(own, 'down'), state(foreign, 'down')]));
      expect(told).toEqual([own]);
    });

    test('of a device that is not its own a relay tells the audit in its own name only', async () => {
      const { addRelay, add, records, store } = await open(engine);
      const [mine, other] = [await addRelay(), await addRelay()];
      const [own, foreign] = [await add(mine.relay, 'a'), await add(other.relay, 'b')];
      const told = (device: DeviceId) => ({ type: 'audit' as const, at: 4, verb: 'pin.set', device, detail: '' });
      await store.transaction((tx) => records.applyAudits(tx, mine, [told(own), told(foreign)]));
      const rows = await store.db.selectFrom('audit_log').select('resource').where('verb', '=', 'pin.set').execute();
      expect(rows.map((row) => row.resource)).toEqual([`device:${own}`, `relay:${mine.relay}`]);
    });

    test('a relay event is kept with the relay, an audit record in the chain', async () => {
      const { addRelay, store, records } = await open(engine);
      const link = await addRelay();
      await store.transaction(async (tx) => {
        await records.applyRelayEvents(tx, link, [
          { type: 'relay-event', at: 3, code: 'clock-skew', severity: 'warning', detail: 'clock is 10 min off' },
        ]);
        await records.applyAudits(tx, link, [
          { type: 'audit', at: 4, verb: 'manifest.refuse', manifest: 'm', code: 'signature-invalid', detail: 'forged' },
        ]);
        const incident = { kind: 'gap' as const, code: 'spool-full', lane: 3, from: 1, to: 2, n: 9, detail: 'lost' };
        await records.applyIncidents(tx, link, [incident]);
      });
      const events = await listRelayEvents(store.db, scope, link.relay, 10);
      expect(events.map((event) => [event.type, event.code])).toEqual([
        ['stream', 'spool-full'],
        ['relay', 'clock-skew'],
      ]);
      const rows = await store.db
        .selectFrom('audit_log')
        .select(['actor', 'verb', 'outcome', 'detail'])
        .orderBy('seq', 'desc')
        .limit(2)
        .execute();
      expect(rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) }))).toEqual([
        {
          actor: 'system:ingest',
          verb: 'stream.gap',
          outcome: 'failed',
          detail: { code: 'spool-full', lane: 3, from: 1, to: 2, n: 9, detail: 'lost' },
        },
        {
          actor: `relay:${link.relay}`,
          verb: 'manifest.refuse',
          outcome: 'refused',
          detail: { at: 4, manifest: 'm', code: 'signature-invalid', detail: 'forged' },
        },
      ]);
    });
  });
}

export function defineRelayRecordsTests(engine: TestEngine): void {
  defineStateTests(engine);
  defineIdentityTests(engine);
  defineLeafTests(engine);
  defineTellingTests(engine);
}
