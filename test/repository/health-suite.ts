// The health of devices on both engines: read from facts and alerts, kept by the hour and the day, seen within a right, forgotten.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { NOTHING_SCOPE } from '#console/access/scope.ts';
import { FleetIndex } from '#console/query/fleet-index.ts';
import { HealthBoard } from '#console/query/health/health-board.ts';
import { KEPT_DAYS } from '#console/query/health/health-keeper.ts';
import { forgetHealth, putDeviceHealth, putSiteHealth } from '#console/query/health/health-repository.ts';
import { AlertId, type DeviceId, IncidentId, newId, type SiteId } from '#shared/base/id.ts';
import type { AlertType, Severity } from '#shared/model/alert-words.ts';
import { SECURITY_CHECKS } from '#shared/model/security-scan.ts';
import { makeDevices } from './devices-suite.ts';
import { caller, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

async function open(engine: TestEngine) {
  const kit = await makeDevices(engine);
  const link = await kit.addRelay();
  const { store, clock, random } = kit;
  const fleet = new FleetIndex({ store, clock, onFailure: () => undefined });
  const board = new HealthBoard({
    ...{ store, clock, rows: fleet.rows },
    ready: () => fleet.settled(),
    onFailure: () => undefined,
  });
  const scan = async (device: DeviceId, verdict: string) => {
    const body = JSON.stringify({
      checks: SECURITY_CHECKS.map((id) => ({ id, verdict, evidence: `${id} is ${verdict}` })),
    });
    const hash = createHash('sha256').update(body).digest('hex');
    const at = clock.now();
    await store.db
      .insertInto('fact_body')
      .values({ hash, body })
      .onConflict((on) => on.doNothing())
      .execute();
    const row = {
      device_id: device,
      kind: 'security-scan',
      hash,
      first_seen_at: at,
      seen_at: at,
      relay_id: link.relay,
    };
    await store.db.insertInto('fact').values(row).execute();
  };
  const alert = async (
    device: DeviceId,
    type: AlertType,
    severity: Severity,
    more: { is_muted?: 1; resolved_at?: number } = {},
  ) => {
    const at = clock.now();
    const [incident, id] = [IncidentId.parse(newId(at, random)), AlertId.parse(newId(at, random))];
    const both = { state: 'active', severity, opened_at: at, received_at: at, changed_at: at, is_muted: 0 as const };
    await store.db
      .insertInto('incident')
      .values({
        id: incident,
        site_id: link.site,
        ...both,
        cause: 'one',
        title: 't',
        severity_rank: 0,
        is_past: 0,
        is_told: 0,
      })
      .execute();
    await store.db
      .insertInto('alert')
      .values({
        ...{ id, incident_id: incident, site_id: link.site, relay_id: link.relay, device_id: device, ...both },
        ...{
          subject: `device:${device}`,
          check_id: `c.${id}`,
          instance: '',
          type,
          detail: '',
          is_failing: 1,
          count: 1,
        },
        ...{ openings: '[]', ...more },
      })
      .execute();
  };
  const well = (device: DeviceId) => {
    fleet.onStates([{ type: 'state', device, at: clock.now(), status: 'up' }]);
    const idle = { load: 0, uptime: 1, rx: 0, tx: 0, mount: '/' };
    fleet.onGlance(device, clock.now(), { cpu: 0.1, memory: 0.1, disk: 0.1, ...idle });
  };
  return { ...kit, link, fleet, board, scan, alert, well };
}

const addTwo = async (kit: Awaited<ReturnType<typeof open>>): Promise<[DeviceId, DeviceId]> => {
  const [one, two] = [await kit.add(kit.link.relay, 'a'), await kit.add(kit.link.relay, 'b')];
  await kit.fleet.load();
  kit.well(one);
  return [one, two];
};

export function defineHealthTests(engine: TestEngine): void {
  describe(`health on ${engine.name}`, () => {
    test('each device has its score, a site the means of its devices, and the worst stands first', async () => {
      const kit = await open(engine);
      const [one, two] = await addTwo(kit);
      await kit.scan(one, 'yes');
      await kit.board.refresh();
      const { items, total } = kit.board.devices(scope, { limit: 1 });
      expect({ total, items }).toMatchObject({ total: 2, items: [{ deviceId: two, score: 0, bucket: 'unknown' }] });
      const { fleet, sites } = kit.board.overview(scope);
      // All but the audit of programs is known of the first, and nothing of the second.
      expect(fleet).toMatchObject({ devices: 2, confidence: 49, counts: { good: 1, fair: 0, poor: 0, unknown: 1 } });
      expect(fleet.availability + fleet.performance + fleet.security + fleet.compliance).toBe(fleet.score);
      expect(sites).toMatchObject([{ siteId: kit.siteId, ...fleet }]);
    });

    test('an open alert counts at once where one looks, a muted or resolved one never', async () => {
      const kit = await open(engine);
      const [one, two] = await addTwo(kit);
      kit.well(two);
      await kit.alert(one, 'performance', 'low');
      await kit.alert(one, 'custom', 'critical');
      await kit.alert(two, 'performance', 'critical', { is_muted: 1 });
      await kit.alert(two, 'security', 'critical', { resolved_at: 5 });
      await kit.board.refresh();
      const scores = kit.board.devices(scope, { limit: 9 }).items;
      expect(scores.map(({ deviceId, performance, security }) => [deviceId, performance, security])).toEqual([
        [one, 19, 2],
        [two, 25, 2],
      ]);
      const told = await kit.board.device(scope, one);
      expect(told.parts[1]?.points.at(-1)).toMatchObject({ id: 'alerts', got: 0, text: 'An alert is open: critical.' });
    });

    test('a device explained is the device on the board', async () => {
      const kit = await open(engine);
      const [one] = await addTwo(kit);
      await kit.scan(one, 'no');
      await kit.board.refresh();
      const row = kit.board.devices(scope, { limit: 9 }).items.find(({ deviceId }) => deviceId === one);
      const { at: _at, parts, ...score } = await kit.board.device(scope, one);
      expect(row).toMatchObject(score);
      expect(parts[2]?.points[0]).toMatchObject({
        id: 'antivirus',
        got: 0,
        text: 'antivirus is no',
        source: 'security-scan',
      });
    });

    test('who sees nothing is told nothing', async () => {
      const kit = await open(engine);
      const [one] = await addTwo(kit);
      await kit.board.refresh();
      expect(kit.board.overview(NOTHING_SCOPE)).toMatchObject({ fleet: { devices: 0 }, sites: [] });
      await expect(kit.board.device(NOTHING_SCOPE, one)).rejects.toMatchObject({ code: 'not-found' });
    });

    test('hours of sites and days of devices are kept after a grace, each once, as they ended', async () => {
      const kit = await open(engine);
      const [one] = await addTwo(kit);
      const live = async (from: number, to: number) => {
        for (let minute = from; minute < to; minute += 1) {
          kit.well(one);
          await kit.board.pass();
          await kit.clock.advance(MINUTE);
        }
      };
      await live(0, 10);
      expect(await kit.board.history(scope, kit.siteId, 1)).toEqual([]);
      await live(10, 60);
      await kit.scan(one, 'yes');
      await live(60, 80);
      expect((await kit.board.deviceHistory(scope, one, 2))[0]?.security).toBe(25);
      const [first, second] = await kit.board.history(scope, undefined, 1);
      expect(second?.at).toBe((first?.at ?? 0) + 60 * MINUTE);
      // Half of it: the other device was never seen.
      expect([first?.security, second?.security]).toEqual([1, 13]);
      expect(await kit.board.deviceHistory(scope, one, 2)).toHaveLength(1);
    });

    test('sums of several sites make one mean, and what is too old is forgotten', async () => {
      const kit = await open(engine);
      const [one, two] = await addTwo(kit);
      const other = await kit.sites.create(caller, { name: 'Other' });
      const points = (sum: number) => ({
        availability: sum,
        performance: sum,
        security: sum,
        compliance: sum,
        confidence: sum,
      });
      const hour = Math.floor(kit.clock.now() / 3_600_000);
      const rows = (site: SiteId, devices: number, sum: number) => ({ site, devices, ...points(sum) });
      await kit.store.transaction(async (tx) => {
        await putSiteHealth(tx, hour, [rows(kit.siteId, 3, 30), rows(other.id, 1, 2)]);
        await putSiteHealth(tx, hour - 24 * (KEPT_DAYS + 1), [rows(kit.siteId, 3, 30)]);
        await putDeviceHealth(tx, 10, [
          { device: one, ...points(1) },
          { device: newId(3), ...points(1) },
        ]);
        await putDeviceHealth(tx, Math.floor(kit.clock.now() / DAY), [{ device: two, ...points(20) }]);
      });
      expect(await kit.board.history(scope, undefined, 400)).toMatchObject([{ availability: 8, score: 32 }]);
      expect(await kit.board.history(scope, other.id, 1)).toMatchObject([{ availability: 2 }]);
      const before = kit.clock.now() - KEPT_DAYS * DAY;
      expect(await kit.store.transaction((tx) => forgetHealth(tx, before))).toBe(2);
      expect(await kit.board.deviceHistory(scope, two, 400)).toMatchObject([{ score: 80 }]);
    });
  });
}
