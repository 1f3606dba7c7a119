// What people do with incidents and how they read them, and what the console finds of itself, on both engines.
import { describe, expect, test } from 'vitest';
import type { Caller } from '#console/access/can.ts';
import { partScope } from '#console/access/scope.ts';
import { IncidentActs } from '#console/alerts/incident-acts.ts';
import { IncidentBoard } from '#console/alerts/incident-board.ts';
import { OwnReports } from '#console/alerts/own-reports.ts';
import type { SelfPicture, WatchedRelay } from '#console/alerts/self-conditions.ts';
import { SelfWatch } from '#console/alerts/self-watch.ts';
import type { Link } from '#console/sites/relays.ts';
import { AlertId, type CustomerId, DeviceId, IncidentId, type SiteId } from '#shared/base/id.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { type Alerting, FindingTale, makeAlerts } from './alerts-kit.ts';
import { caller, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

const MINUTE = 60_000;
const HOLD = 1_000;
const DEDUP = 5 * MINUTE;
const open = { state: 'open', muted: false } as const;

async function withPeople(engine: TestEngine) {
  const kit = await makeAlerts(engine);
  const acts = new IncidentActs(kit);
  const board = new IncidentBoard({ store: kit.store, book: { find: () => undefined } });
  const id = await kit.device('a');
  const tale = new FindingTale(id, kit.clock.now());
  await kit.tell([tale.first]);
  await kit.pass(HOLD);
  await kit.told();
  const [row] = await kit.rows();
  const incident = IncidentId.parse(row?.incident_id);
  const alert = AlertId.parse(row?.id);
  return { ...kit, acts, board, id, tale, incident, alert, whole: { incidents: [incident], alerts: [] } };
}

function defineActTests(engine: TestEngine): void {
  describe(`people and incidents on ${engine.name}`, () => {
    test('who acknowledges stands in it; twice is once; it is told and audited', async () => {
      const { acts, board, whole, incident, told, verbs } = await withPeople(engine);
      expect(await acts.acknowledge(caller, whole, 'on my way')).toBe(1);
      expect(await acts.acknowledge(caller, whole)).toBe(0);
      expect(await board.incident(scope, incident)).toMatchObject({
        state: 'acknowledged',
        acknowledgedBy: 'person:p1',
        openAlerts: 1,
      });
      expect(await told()).toEqual(['acknowledged']);
      expect((await verbs()).slice(-1)).toEqual(['incident.acknowledge']);
      const { timeline } = await board.inside(scope, await board.incident(scope, incident));
      expect(timeline.map(({ kind, by, text }) => [kind, by, text])).toEqual([
        ['opened', null, 'cpu used is 97 %'],
        ['acknowledged', 'person:p1', ''],
        ['note', 'person:p1', 'on my way'],
      ]);
    });

    test('what is acknowledged before anybody was told is told to nobody', async () => {
      const { acts, tell, rows, clock, pass, told, device } = await withPeople(engine);
      await tell([new FindingTale(await device('b'), clock.now()).first]);
      const fresh = (await rows()).at(-1);
      await acts.acknowledge(caller, { incidents: [IncidentId.parse(fresh?.incident_id)], alerts: [] });
      await pass(HOLD);
      expect(await told()).toEqual(['acknowledged']);
    });

    test('who resolves it ends it at once; found anew it opens again, in the same alert', async () => {
      const { acts, whole, tell, id, clock, pass, told, rows, tale } = await withPeople(engine);
      expect(await acts.resolve(caller, whole, 'done')).toBe(1);
      expect(await told()).toEqual(['resolved']);
      // The relay's word of the same failure says nothing new.
      await tell([tale.next(clock.now(), { count: 7 })]);
      expect(await rows()).toMatchObject([{ state: 'resolved', count: 7 }]);
      await tell([new FindingTale(id, clock.now()).first]);
      await pass(HOLD);
      expect(await rows()).toMatchObject([{ state: 'active', count: 8 }]);
      expect(await told()).toEqual(['reopened']);
    });

    test('what a person resolved and gets worse is open again', async () => {
      const { acts, whole, tell, clock, rows, tale } = await withPeople(engine);
      await acts.resolve(caller, whole);
      await tell([tale.next(clock.now(), { severity: 'critical' })]);
      expect(await rows()).toMatchObject([{ state: 'active', severity: 'critical' }]);
    });

    test('a person opens again what is over', async () => {
      const { acts, whole, tell, clock, pass, told, rows, tale } = await withPeople(engine);
      await tell([tale.clear(clock.now())]);
      await pass(DEDUP);
      expect(await acts.reopen(caller, whole)).toBe(1);
      expect(await acts.reopen(caller, whole)).toBe(0);
      expect(await rows()).toMatchObject([{ state: 'active' }]);
      expect(await told()).toEqual(['resolved', 'reopened']);
    });

    test('a snooze ends by its time, by a word, or when it gets worse', async () => {
      const { acts, whole, tell, clock, pass, told, tale } = await withPeople(engine);
      await acts.snooze(caller, whole, 10 * MINUTE);
      await pass(10 * MINUTE - 1);
      expect(await told()).toEqual(['snoozed']);
      await pass(1);
      expect(await told()).toEqual(['woken']);
      await acts.snooze(caller, whole, 10 * MINUTE);
      expect(await acts.snooze(caller, whole, undefined)).toBe(1);
      expect(await acts.snooze(caller, whole, undefined)).toBe(0);
      expect(await told()).toEqual(['snoozed', 'woken']);
      await acts.snooze(caller, whole, 10 * MINUTE);
      await tell([tale.next(clock.now(), { severity: 'critical' })]);
      expect(await told()).toEqual(['snoozed', 'worse']);
      await pass(20 * MINUTE);
      expect(await told()).toEqual([]);
    });

    test('it is given to somebody and taken back', async () => {
      const { acts, board, whole, incident } = await withPeople(engine);
      await acts.assign(caller, whole, { id: 'p1', name: 'Ada' });
      expect(await board.incidents(scope, { ...open, assignee: 'p1' }, { limit: 10 })).toMatchObject({
        items: [{ id: incident, assignee: 'p1' }],
      });
      await acts.assign(caller, whole, null);
      expect(await board.incident(scope, incident)).toMatchObject({ assignee: null });
    });

    test('one alert of several is handled by itself', async () => {
      const { acts, board, tell, id, clock, alert, incident } = await withPeople(engine);
      await tell([new FindingTale(id, clock.now(), { check: 'memory.used' }).first]);
      const single = { incidents: [], alerts: [alert] };
      expect(await acts.acknowledge(caller, single)).toBe(1);
      expect(await board.incident(scope, incident)).toMatchObject({ state: 'active', alerts: 2 });
      expect(await acts.resolve(caller, single)).toBe(1);
      expect(await board.incident(scope, incident)).toMatchObject({ state: 'active', openAlerts: 1 });
      expect(await board.alert(scope, alert)).toMatchObject({ state: 'resolved', resolvedBy: 'person:p1' });
    });

    test('who does not see it does nothing with it', async () => {
      const { acts, whole, incident, board } = await withPeople(engine);
      const blind = partScope({
        customers: { are: 'these', ids: new Set<CustomerId>() },
        ...{ sites: new Set<SiteId>(), devices: new Set<DeviceId>(), without: new Set<DeviceId>() },
        ...{ broken: new Set<SiteId>(), key: 'k' },
      });
      const stranger: Caller = { ...caller, scope: blind };
      expect(await acts.resolve(stranger, whole)).toBe(0);
      expect((await board.incidents(blind, open, { limit: 10 })).items).toEqual([]);
      await expect(board.incident(blind, incident)).rejects.toMatchObject({ code: 'not-found' });
      expect(await board.counts(blind)).toMatchObject({ unacknowledged: 0 });
    });

    test('who sees the switch and not what hangs on it reads and ends nothing of that', async () => {
      const { acts, board, tell, device, clock, pass, incidents } = await withPeople(engine);
      const [parent, child] = [await device('switch'), await device('till')];
      const down = { check: 'device.down', severity: 'critical', detail: 'of the switch' } as const;
      await tell([new FindingTale(parent, clock.now(), down).first]);
      const more = { ...down, because: parent, detail: 'of the till' };
      await tell([new FindingTale(child, clock.now(), more).first]);
      await pass(HOLD);
      const found = (await incidents()).find(({ title }) => title === 'switch is down');
      const id = IncidentId.parse(found?.id);
      const partly = partScope({
        customers: { are: 'these', ids: new Set<CustomerId>() },
        ...{ sites: new Set<SiteId>(), devices: new Set<DeviceId>([parent]), without: new Set<DeviceId>() },
        ...{ broken: new Set<SiteId>(), key: 'k' },
      });
      const { timeline } = await board.inside(partly, await board.incident(partly, id));
      expect(timeline.map(({ text }) => text)).toEqual(['of the switch']);
      expect(await acts.resolve({ ...caller, scope: partly }, { incidents: [id], alerts: [] })).toBe(1);
      expect(await board.incident(scope, id)).toMatchObject({ state: 'active', openAlerts: 1, resolvedBy: null });
    });
  });
}

function defineBoardTests(engine: TestEngine): void {
  describe(`the board on ${engine.name}`, () => {
    test('filters, counts and pages join without a hole', async () => {
      const { board, tell, device, clock, siteId, id } = await withPeople(engine);
      for (let i = 0; i < 5; i += 1) {
        const severity = i % 2 === 0 ? 'critical' : 'low';
        await tell([new FindingTale(await device(`d${i}`), clock.now() + i, { severity }).first]);
      }
      expect(await board.counts(scope)).toEqual({
        open: { critical: 3, high: 1, medium: 0, low: 2, info: 0 },
        unacknowledged: 6,
        muted: 0,
      });
      const bad = await board.incidents(scope, { ...open, severity: 'high', siteId }, { limit: 10 });
      expect(bad.items.map(({ severity }) => severity)).toEqual(['critical', 'critical', 'critical', 'high']);
      expect((await board.incidents(scope, { ...open, deviceId: id }, { limit: 10 })).items).toHaveLength(1);
      expect((await board.alerts(scope, { ...open, check: 'cpu.used' }, { limit: 10 })).items).toHaveLength(6);
      expect((await board.alerts(scope, { ...open, type: 'security' }, { limit: 10 })).items).toEqual([]);
      const seen: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await board.incidents(scope, open, { limit: 2, cursor });
        seen.push(...page.items.map((one) => one.id));
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      expect(new Set(seen).size).toBe(6);
    });

    test('the root stands first, and what is over last', async () => {
      const { board, tell, device, clock, pass } = await withPeople(engine);
      const [parent, first, second] = [await device('switch'), await device('b'), await device('c')];
      const down = { check: 'device.down', severity: 'critical' } as const;
      const over = new FindingTale(first, clock.now(), { ...down, because: parent });
      await tell([new FindingTale(parent, clock.now() + 5, down).first, over.first]);
      await tell([new FindingTale(second, clock.now() + 1, { ...down, because: parent }).first]);
      await tell([over.clear(clock.now() + 10)]);
      await pass(HOLD);
      const [incident] = (await board.incidents(scope, { ...open, deviceId: parent }, { limit: 1 })).items;
      if (incident === undefined) throw new Error('it was opened above');
      const { children } = await board.inside(scope, incident);
      expect(children.map(({ deviceName, isRoot }) => [deviceName, isRoot])).toEqual([
        ['switch', true],
        ['c', false],
        ['b', false],
      ]);
      expect(incident).toMatchObject({ alerts: 3, openAlerts: 2, devices: 3, title: 'switch is down' });
    });

    test('what outlives its root is looked at again: each goes its own way, and what hangs together stays so', async () => {
      const { tell, device, clock, pass, told, incidents } = await withPeople(engine);
      const [parent, hub, leaf] = [await device('switch'), await device('hub'), await device('leaf')];
      const down = { check: 'device.down', severity: 'critical' } as const;
      const root = new FindingTale(parent, clock.now(), down);
      const middle = new FindingTale(hub, clock.now(), { ...down, because: parent });
      await tell([root.first, middle.first, new FindingTale(leaf, clock.now(), { ...down, because: hub }).first]);
      await pass(HOLD);
      await tell([root.clear(clock.now())]);
      await pass(DEDUP - 1_000);
      expect(await told()).toEqual(['opened']);
      await pass(1_000);
      await pass(HOLD);
      await pass(DEDUP);
      expect((await incidents()).map(({ title, state }) => [title, state])).toEqual([
        ['a: cpu.used', 'active'],
        ['switch is down', 'resolved'],
        ['hub is down', 'active'],
      ]);
      expect(await told()).toEqual(['opened', 'resolved']);
    });
  });
}

const watchedOf = ({ relay, site }: Link, lastSeenAt: number, more: Partial<WatchedRelay> = {}): WatchedRelay => ({
  ...{ id: relay, name: relay.slice(-4), site, siteName: 'Main', lastSeenAt, isConnected: false, mayBeAway: false },
  ...{ certificateExpiresAt: lastSeenAt + 1e10, clockSkewMs: 0, health: undefined, backlogSince: null, ...more },
});

/** A watch over relays that the test holds. */
function watchOf(kit: Alerting) {
  const { store, clock, alerts } = kit;
  const reports = new OwnReports({ clock });
  const state = { relays: [] as WatchedRelay[], startedAt: clock.now() - 3_600_000 };
  const look = (): Promise<SelfPicture> =>
    Promise.resolve({
      ...{ now: clock.now(), rules: kit.rules, charters: [], room: 'plenty' as const, certificateExpiresAt: undefined },
      ...{ ingestLagMs: null, sealTrouble: null, waitingSince: null, ...state },
    });
  return { state, reports, watch: new SelfWatch({ store, clock, alerts, look, reports, log: silentLogger }) };
}

function defineSelfTests(engine: TestEngine): void {
  describe(`what the console finds of itself on ${engine.name}`, () => {
    test('a silent relay is one incident; looked at again nothing is added; heard again it is over', async () => {
      const kit = await makeAlerts(engine);
      const { clock, link, pass, told } = kit;
      const { state, watch } = watchOf(kit);
      state.relays = [watchedOf(link, clock.now() - 2 * MINUTE)];
      await watch.look();
      await watch.look();
      await pass(HOLD);
      expect(await kit.incidents()).toMatchObject([{ state: 'active', severity: 'critical' }]);
      state.relays = [watchedOf(link, clock.now(), { isConnected: true })];
      await watch.look();
      await pass(DEDUP);
      expect(await kit.incidents()).toMatchObject([{ state: 'resolved' }]);
      expect(await told()).toEqual(['opened', 'resolved']);
    });

    test('a restart of the console tells nobody anything, and forgets no silence', async () => {
      const kit = await makeAlerts(engine);
      const { clock, link, addRelay, pass, told } = kit;
      const { state, watch } = watchOf(kit);
      const other = await addRelay();
      state.relays = [watchedOf(link, clock.now() - 10 * MINUTE), watchedOf(other, clock.now(), { isConnected: true })];
      await watch.look();
      await pass(HOLD);
      expect(await told()).toEqual(['opened']);
      // A new process: nobody is linked yet.
      const again = watchOf(kit);
      again.state.startedAt = clock.now();
      again.state.relays = [watchedOf(link, clock.now() - 10 * MINUTE), watchedOf(other, clock.now() - MINUTE)];
      await again.watch.look();
      await pass(2 * MINUTE);
      again.state.relays = [
        again.state.relays[0] ?? watchedOf(link, 0),
        watchedOf(other, clock.now(), { isConnected: true }),
      ];
      await again.watch.look();
      await pass(2 * MINUTE);
      await again.watch.look();
      await pass(DEDUP);
      expect(await told()).toEqual([]);
      expect(await kit.incidents()).toMatchObject([{ state: 'active' }]);
    });

    test('relays of one site that fall silent one after the other are one site that is cut off', async () => {
      const kit = await makeAlerts(engine);
      const { clock, link, addRelay, pass, told } = kit;
      const { state, watch } = watchOf(kit);
      const other = await addRelay();
      const begin = clock.now();
      state.relays = [watchedOf(link, begin - 2 * MINUTE), watchedOf(other, begin - MINUTE)];
      await watch.look();
      await pass(MINUTE);
      await watch.look();
      await pass(HOLD);
      expect(await told()).toEqual(['opened', 'merged', 'opened']);
      expect(await kit.incidents()).toMatchObject([{ title: expect.stringContaining('all 2 relays are silent') }]);
      state.relays = state.relays.map((relay) => ({ ...relay, isConnected: true, lastSeenAt: clock.now() }));
      await watch.look();
      await pass(DEDUP);
      expect(await told()).toEqual(['resolved']);
    });

    test('when no site is heard it is the line of the console: one incident over all of them', async () => {
      const kit = await makeAlerts(engine);
      const { clock, sites, addRelay, pass, told } = kit;
      const { state, watch } = watchOf(kit);
      const places = [await sites.create(caller, { name: 'B' }), await sites.create(caller, { name: 'C' })];
      const links = [kit.link, ...(await Promise.all(places.map(({ id }) => addRelay('site', id))))];
      state.relays = links.map((link) => watchedOf(link, clock.now() - 2 * MINUTE));
      await watch.look();
      await pass(HOLD);
      expect(await told()).toEqual(['opened']);
      expect(await kit.rows()).toHaveLength(4);
      expect(await kit.incidents()).toMatchObject([
        { title: expect.stringContaining('no relay reaches this console') },
      ]);
    });

    test('what a room reports of itself is an incident until it does not any more', async () => {
      const kit = await makeAlerts(engine);
      const { pass, told } = kit;
      const { watch, reports } = watchOf(kit);
      reports.report('console.mail', 'smtp', { detail: 'the mail server refuses the login' });
      reports.report('console.mail', 'smtp', { detail: 'the mail server refuses the login' });
      await watch.look();
      await pass(HOLD);
      expect(await kit.incidents()).toMatchObject([{ severity: 'high', state: 'active' }]);
      reports.report('console.mail', 'smtp', undefined);
      await watch.look();
      await pass(DEDUP);
      expect(await told()).toEqual(['opened', 'resolved']);
    });

    test('the notice of an incident has what routing asks for', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, outbox, store, siteId } = kit;
      const id = DeviceId.parse(await kit.device('db-1'));
      await store.db.insertInto('device_tag').values({ device_id: id, tag: 'sql' }).execute();
      await tell([new FindingTale(id, clock.now()).first]);
      await pass(HOLD);
      const [change] = await outbox.waiting(1);
      if (change === undefined) throw new Error('it was told above');
      expect(await outbox.notice(change.incident)).toMatchObject({
        ...{ siteId, siteName: 'Main', customerName: 'Default', deviceName: 'db-1', tags: ['sql'] },
        ...{ timeZone: 'UTC', severity: 'high', counts: { alerts: 1, open: 1, devices: 1 } },
        alerts: [{ check: 'cpu.used', detail: 'cpu used is 97 %' }],
      });
    });
  });
}

export function defineIncidentsTests(engine: TestEngine): void {
  defineActTests(engine);
  defineBoardTests(engine);
  defineSelfTests(engine);
}
