// Policies on both engines: drafts, who may change them, documents that are proven before they are kept, membership, parents.
import { describe, expect, test } from 'vitest';
import { ownerGrant } from '#console/access/grant.ts';
import { partScope } from '#console/access/scope.ts';
import { insertDocument, MAX_FORMER, removeFormer } from '#console/policies/document-repository.ts';
import { Parents } from '#console/policies/parents.ts';
import { Policies } from '#console/policies/policies.ts';
import { RelayWatches } from '#console/policies/relay-watch.ts';
import { WatchDocuments } from '#console/policies/watch-documents.ts';
import { WatchViews } from '#console/policies/watch-views.ts';
import { Customers } from '#console/sites/customers.ts';
import { firstCharter, judgeFirstCharter, storeCharter } from '#console/trust/charter-service.ts';
import { type DeviceId, newId, type RelayId, type SiteId } from '#shared/base/id.ts';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import type { Check } from '#shared/model/check.ts';
import type { PartWish } from '#shared/model/watch-part.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { readWatch, signWatch } from '#shared/seal/watch-seal.ts';
import { actorWith } from '#test/fixtures/person-actor.ts';
import { keyOfWord } from '#test/fixtures/sample-trust.ts';
import { makeDevices, wish } from './devices-suite.ts';
import { caller, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

const cpu: Check = {
  ...{ id: 'cpu.own', name: 'CPU', type: 'performance', isOn: true, advice: 'Look.' },
  when: { kind: 'threshold', series: 'cpu.used', above: true, limits: { high: 12.5 }, forMs: 60_000, margin: 1 },
};
type LayerBody = Extract<PartWish, { kind: 'layer' }>['body'];
const layerWish = (name: string, change: Partial<LayerBody> = {}, places: string[] = []): PartWish => ({
  kind: 'layer',
  body: { name, level: 'customer', priority: 0, isEnforced: false, settings: { checks: [cpu] }, ...change },
  places,
});
const windowWish = (change: object = {}): PartWish => ({
  kind: 'window',
  body: { name: 'nightly', startsAt: '2026-01-01T22:00:00', zone: 'Europe/Berlin', durationMs: 3_600_000, ...change },
});

async function open(engine: TestEngine) {
  const kit = await makeDevices(engine);
  const { store, clock, siteId, addRelay, devices } = kit;
  const told: unknown[] = [];
  const log: string[] = [];
  const policies = new Policies({
    ...kit,
    onPlacesChanged: () => log.push('places'),
    onDraftsChanged: () => log.push('drafts'),
  });
  const documents = new WatchDocuments({ ...kit, onSigned: (sites) => told.push(sites) });
  const groups = new Map<DeviceId, never[]>();
  const describeAll = async (ids: readonly DeviceId[]) =>
    new Map(ids.map((id) => [id, { groups: groups.get(id) ?? [], presence: 'always-on' as const }]));
  const watches = new RelayWatches({ store, describe: describeAll });
  const views = new WatchViews({ store, shipped: SHIPPED_CHECKS, describe: describeAll, documents, watches });
  const moved: RelayId[] = [];
  const parents = new Parents({ ...kit, log: silentLogger, onParents: (relays) => void moved.push(...relays) });
  const [owner, cli] = [await keyOfWord('owner'), await keyOfWord('cli')];
  const charterAt = async (site: SiteId) => {
    const request = { owner: { key: owner, publicKey: owner.publicKey }, cliSigner: cli.publicKey, now: clock.now() };
    const judged = await judgeFirstCharter(site, await firstCharter({ site, ...request }), owner.publicKey);
    await store.transaction((tx) => storeCharter(tx, judged, clock.now()));
  };
  await charterAt(siteId);
  const { relay } = await addRelay();
  const [device] = await devices.createMany(caller, [wish(relay, 'a')]);
  if (device === undefined) throw new Error('no device');
  const customer = (await new Customers(kit).list(scope))[0]?.id;
  if (customer === undefined) throw new Error('no customer');
  const sign = async (key = cli) => {
    const [draft] = await documents.draft(scope, {});
    if (draft === undefined) throw new Error('nothing is drafted');
    const signed = await signWatch(draft.document, [key]);
    return { draft, signed, put: () => documents.put(caller, signed) };
  };
  const at = { relay, site: siteId };
  return {
    ...{
      ...kit,
      told,
      log,
      policies,
      documents,
      watches,
      views,
      parents,
      moved,
      charterAt,
      at,
      device,
      customer,
      sign,
    },
  };
}

export function definePolicyTests(engine: TestEngine): void {
  describe(`policies on ${engine.name}`, () => {
    test('a draft reaches no relay before it is signed, and its members do with it', async () => {
      const { policies, watches, sign, told, at, device, documents } = await open(engine);
      const id = await policies.create(caller, null, layerWish('all'));
      expect(await watches.of(at)).toEqual({ members: [] });
      const { draft, signed, put } = await sign();
      expect(await put()).toEqual({ version: draft.document.version, state: 'active', lacks: null });
      expect(told).toEqual([[at.site]]);
      expect(await watches.of(at)).toEqual({ signed, members: [{ device, layers: [id] }] });
      expect(readWatch(signed).layers[0]?.settings.checks).toEqual([cpu]);
      expect(await documents.draft(scope, {})).toEqual([]);
      expect(await documents.inForce(scope, at.site)).toEqual({ signed, signers: ['command line'] });
    });

    test('the same document twice, an older one, and one of a stranger are refused', async () => {
      const { policies, sign } = await open(engine);
      const id = await policies.create(caller, null, layerWish('all'));
      const first = await sign();
      await expect((await sign(await keyOfWord('stranger'))).put()).rejects.toMatchObject({
        code: 'signature-invalid',
      });
      await first.put();
      await expect(first.put()).rejects.toMatchObject({ code: 'manifest-replayed' });
      await policies.remove(caller, id);
      const second = await sign();
      expect(second.draft.document.version).toBeGreaterThan(first.draft.document.version);
      await second.put();
      await expect(first.put()).rejects.toMatchObject({ code: 'manifest-replayed' });
    });

    test('of former documents the newest stay, and whatever is in force', async () => {
      const { policies, sign, at, store } = await open(engine);
      await policies.create(caller, null, layerWish('all'));
      const { signed, put } = await sign();
      const former = { signed, state: 'waiting-for-signature', createdBy: 'test', createdAt: 1 } as const;
      const count = MAX_FORMER + 20;
      await store.transaction(async (tx) => {
        for (let version = 1; version <= count; version += 1)
          await insertDocument(tx, { ...former, version }, [at.site]);
      });
      await put();
      const left = async () => (await store.db.selectFrom('watch_document').select('version').execute()).length;
      expect(await left()).toBe(MAX_FORMER);
      await store.transaction(async (tx) => {
        for (let version = 1; version <= 2; version += 1) await insertDocument(tx, { ...former, version }, [at.site]);
        expect(await removeFormer(tx, new Set([1]))).toBe(1);
      });
    });

    test('a removed layer keeps its members until a document without it is in force, and is gone then', async () => {
      const { policies, sign, watches, at } = await open(engine);
      const id = await policies.create(caller, null, layerWish('all'));
      await (await sign()).put();
      await policies.remove(caller, id);
      expect((await watches.of(at)).members).toHaveLength(1);
      expect(await policies.list(scope)).toMatchObject([{ isRemoved: true }]);
      await (await sign()).put();
      expect((await watches.of(at)).members).toEqual([]);
      expect(await policies.list(scope)).toEqual([]);
    });

    test('of two who change one part the later is told, and the level of a layer stays', async () => {
      const { policies, at, verbs } = await open(engine);
      const id = await policies.create(caller, null, layerWish('one', { level: 'site' }, [at.site]));
      const [before] = await policies.list(scope);
      const change = { changedAt: before?.changedAt ?? 0, part: layerWish('two', { level: 'site' }, []) };
      await policies.update(caller, id, change);
      await expect(policies.update(caller, id, change)).rejects.toMatchObject({ code: 'conflict' });
      const [now] = await policies.list(scope);
      expect(now).toMatchObject({ body: { name: 'two' }, places: [] });
      const level = { changedAt: now?.changedAt ?? 0, part: layerWish('two') };
      await expect(policies.update(caller, id, level)).rejects.toMatchObject({ code: 'bad-request' });
      expect((await verbs()).filter((verb) => verb.startsWith('policy.'))).toEqual(['policy.create', 'policy.update']);
    });

    test.each<[string, PartWish]>([
      ['a site that is none', layerWish('x', { level: 'site' }, [newId(1)])],
      ['a place of a layer of level customer', layerWish('x', {}, [newId(1)])],
      ['a check that is set and turned off', layerWish('x', { settings: { checks: [cpu], off: [cpu.id] } })],
      [
        'a check without a limit',
        layerWish('x', { settings: { checks: [{ ...cpu, when: { ...cpu.when, limits: {} } as Check['when'] }] } }),
      ],
      ['a rule that does not read', layerWish('x', { settings: { checks: [{ ...cpu, fits: 'colour:red' }] } })],
      ['a zone that is none', windowWish({ zone: 'Mars/Olympus' })],
      ['a rule of windows that does not read', windowWish({ rule: 'FREQ=SOMETIMES' })],
    ])('%s is refused', async (_name, part) => {
      const { policies } = await open(engine);
      await expect(policies.create(caller, null, part)).rejects.toMatchObject({ code: 'bad-request' });
      expect(await policies.list(scope)).toEqual([]);
    });

    test('who sees one customer drafts for that one alone', async () => {
      const { policies, customer, siteId, sites } = await open(engine);
      const other = await sites.create(caller, { name: 'Far', customerName: 'Other' });
      const part = partScope({
        ...{ customers: { are: 'these', ids: new Set([customer]) }, sites: new Set([siteId]), devices: new Set() },
        ...{ without: new Set(), broken: new Set(), key: 'test' },
      });
      const theirs = { actor: actorWith([ownerGrant('p9')]), scope: part };
      await policies.create(theirs, customer, layerWish('mine'));
      await expect(policies.create(theirs, null, layerWish('all'))).rejects.toMatchObject({ code: 'denied' });
      await expect(policies.create(theirs, other.customerId, layerWish('x'))).rejects.toMatchObject({
        code: 'not-found',
      });
      const far = await policies.create(caller, other.customerId, layerWish('far'));
      const all = await policies.create(caller, null, layerWish('everybody'));
      expect((await policies.list(part)).map(({ body }) => body.name).sort()).toEqual(['everybody', 'mine']);
      await expect(policies.remove(theirs, far)).rejects.toMatchObject({ code: 'not-found' });
      await expect(policies.remove(theirs, all)).rejects.toMatchObject({ code: 'denied' });
    });

    test('each customer has a document of its own, with nothing of others in it', async () => {
      const { policies, documents, sites, customer, siteId } = await open(engine);
      const other = await sites.create(caller, { name: 'Far', customerName: 'Other' });
      await policies.create(caller, customer, layerWish('mine'));
      await policies.create(caller, other.customerId, layerWish('far'));
      await policies.create(caller, null, layerWish('sites', { level: 'site' }, [siteId]));
      await policies.create(caller, null, windowWish({ sites: [siteId] }));
      const drafts = await documents.draft(scope, {});
      const said = drafts.map(({ customerName, document }) => [
        customerName,
        document.layers.map(({ name }) => name).sort(),
        document.windows.length,
      ]);
      expect(said).toEqual([
        ['Default', ['mine', 'sites'], 1],
        ['Other', ['far'], 0],
      ]);
      expect(new Set(drafts.map(({ document }) => document.version)).size).toBe(2);
      // The far site has no charter: nobody can sign for it.
      const [, far] = drafts;
      if (far === undefined) throw new Error('no draft');
      const signed = await signWatch(far.document, [await keyOfWord('cli')]);
      await expect(documents.put(caller, signed)).rejects.toMatchObject({ code: 'not-found' });
    });

    test('the plan counts devices, and what holds is explained', async () => {
      const { policies, views, sign, device } = await open(engine);
      await policies.create(caller, null, layerWish('all', { settings: { checks: [cpu], presence: 'when-used' } }));
      const plan = await views.plan(scope, {});
      expect(plan).toMatchObject({ sites: 1, devices: 1, changed: 1, left: 0 });
      expect(plan.changes).toMatchObject([
        { what: 'check', id: 'cpu.own', change: 'added', devices: 1, examples: ['a'] },
        { what: 'presence', change: 'changed', detail: 'always-on becomes when-used' },
      ]);
      expect(await views.effective(scope, device, 'active')).toMatchObject({ presence: 'always-on', version: null });
      expect(await views.effective(scope, device, 'draft')).toMatchObject({ presence: 'when-used', layers: ['all'] });
      const { draft, put } = await sign();
      await put();
      const found = await views.effective(scope, device, 'active');
      expect(found).toMatchObject({ presence: 'when-used', version: draft.document.version, layers: ['all'] });
      expect(found.checks.find(({ id }) => id === 'cpu.own')?.said).toMatchObject([{ fate: 'wins' }]);
      expect((await views.plan(scope, {})).changed).toBe(0);
    });

    test('a calendar shows when windows are open, across a change of the clock', async () => {
      const { policies, views } = await open(engine);
      await policies.create(caller, null, windowWish({ startsAt: '2026-03-28T01:30:00', rule: 'FREQ=DAILY' }));
      const day = Date.UTC(2026, 2, 28);
      const spans = await views.calendar(scope, { from: day, to: day + 2 * 86_400_000 });
      expect(spans.map(({ from, to }) => [new Date(from).toISOString(), to - from])).toEqual([
        ['2026-03-28T00:30:00.000Z', 3_600_000],
        ['2026-03-29T00:30:00.000Z', 3_600_000],
        ['2026-03-29T23:30:00.000Z', 3_600_000],
      ]);
      await expect(views.calendar(scope, { from: 0, to: 71 * 86_400_000 })).rejects.toMatchObject({
        code: 'bad-request',
      });
    });

    test('a parent is set by hand within the site and never in a circle; a learnt one gives way to it', async () => {
      const { parents, devices, at, views, store, moved, watches } = await open(engine);
      const [router, host] = await devices.createMany(caller, [
        { ...wish(at.relay, 'router'), address: '10.0.0.1' },
        { ...wish(at.relay, 'host'), address: '10.0.0.9' },
      ]);
      if (router === undefined || host === undefined) throw new Error('no devices');
      const body = JSON.stringify({ interfaces: [], gateways: ['10.0.0.1'], nameServers: [] });
      await store.db.insertInto('fact_body').values({ hash: 'h', body }).execute();
      const fact = { kind: 'network', hash: 'h', first_seen_at: 1, seen_at: 1, relay_id: at.relay };
      await store.db
        .insertInto('fact')
        .values({ device_id: host, ...fact })
        .execute();
      await parents.learn();
      const parentOf = async () => (await views.effective(scope, host, 'active')).parent;
      expect(await parentOf()).toEqual({ id: router, name: 'router', by: 'learnt' });
      expect(moved).toEqual([at.relay]);
      expect((await watches.of(at)).members).toEqual([{ device: host, layers: [], parent: router }]);

      await parents.set(caller, scope, host, { parent: null, isLearnt: false });
      parents.onDevicesTold([host]);
      await parents.learn();
      expect(await views.effective(scope, host, 'active')).toMatchObject({ parent: null, hasNoParent: true });

      await parents.set(caller, scope, router, { parent: host, isLearnt: false });
      for (const parent of [router, host, newId(1) as DeviceId])
        await expect(parents.set(caller, scope, host, { parent, isLearnt: false })).rejects.toMatchObject({
          code: 'bad-request',
        });
      await parents.set(caller, scope, router, { parent: null, isLearnt: true });
      await parents.set(caller, scope, host, { parent: null, isLearnt: true });
      await parents.learn();
      expect(await parentOf()).toMatchObject({ id: router, by: 'learnt' });
      await devices.remove(caller, scope, router);
      expect(await parentOf()).toBeNull();
    });
  });
}
