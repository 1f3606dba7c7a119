// Back-tests on both engines: what the database still knows of a past is judged twice, and what was real is not lost unseen.
import { describe, expect, onTestFinished, test } from 'vitest';
import { BackTest, MAX_BACK_TEST_MS } from '#console/alerts/back-test/back-test.ts';
import { previewCheck } from '#console/alerts/back-test/preview.ts';
import { DeviceLog } from '#console/devices/device-log.ts';
import { Inventory } from '#console/inventory/inventory.ts';
import { replay } from '#console/metrics/replay/replay-call.ts';
import type { ReplayAsk } from '#console/metrics/replay/replay-message.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import { Check, type Condition } from '#shared/model/check.ts';
import type { StateRecord } from '#shared/model/record.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';
import { sha256, toHex } from '#shared/seal/hash.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { logged } from './device-log-suite.ts';
import { makeDevices } from './devices-suite.ts';
import type { TestEngine } from './test-engine.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const FROM = 20_500 * DAY;
const TO = FROM + 10 * DAY;

const shipped = (id: string): Check => Check.parse(SHIPPED_CHECKS.find((check) => check.id === id));
const withWhen = (id: string, over: Partial<Condition>): Check => {
  const check = shipped(id);
  return Check.parse({ ...check, when: { ...check.when, ...over } });
};

async function open(engine: TestEngine) {
  const kit = await makeDevices(engine);
  const link = await kit.addRelay();
  const id = await kit.add(link.relay, 'web-1');
  const days = new FileDayStore({ folder: tempFolder(onTestFinished), onDamage: (text) => expect.fail(text) });
  onTestFinished(() => days.stop());
  const asked: ReplayAsk[] = [];
  const backTest = new BackTest({
    db: kit.store.db,
    replay: (ask) => {
      asked.push(ask);
      return replay(ask, { store: days, giveWay: async () => undefined });
    },
    checksOf: async (devices) => new Map(devices.map(({ device }) => [device, SHIPPED_CHECKS])),
  });
  const place = { site: kit.siteId, relay: link.relay, intervalMs: MINUTE, facts: {} };
  const run = (draft: { checks?: Check[]; off?: string[] }, devices = [{ device: id, name: 'web-1', ...place }]) =>
    backTest.run({ devices, draft: { checks: [], off: [], ...draft }, from: FROM, to: TO });
  const log = new DeviceLog({ store: kit.store });
  const inventory = new Inventory({ store: kit.store, onFacts: () => undefined });
  return {
    ...{ ...kit, link, id, run, asked, backTest, place },
    errors: (count: number, at: number) =>
      kit.store.transaction((tx) =>
        log.applyEvents(
          tx,
          link,
          Array.from({ length: count }, (_, i) =>
            logged(id, at + i, { at: at + i * 1_000, level: 'error', message: 'said' }),
          ),
        ),
      ),
    states: (...states: Array<[status: StateRecord['status'], at: number]>) =>
      kit.store.transaction((tx) =>
        kit.records.applyStates(
          tx,
          link,
          states.map(([status, at]): StateRecord => ({ type: 'state', device: id, at, status })),
        ),
      ),
    fact: async (kind: string, at: number, body: object) => {
      const text = canonicalJson(body);
      const hash = toHex(await sha256(text));
      await kit.store.transaction((tx) =>
        inventory.applyFacts(tx, link, [{ type: 'fact', device: id, at, kind, hash, body: text }]),
      );
    },
  };
}

/** An alert of a log's errors, in an incident that somebody took. */
async function taken({ store, siteId, id }: Awaited<ReturnType<typeof open>>, at: number): Promise<void> {
  const about = { site_id: siteId, device_id: id, severity: 'medium', state: 'resolved' };
  const times = { opened_at: at, received_at: at, changed_at: at, resolved_at: at + HOUR };
  await store.transaction(async (tx) => {
    await tx
      .insertInto('incident')
      .values({
        ...{ id: 'i1', cause: 'device', title: 't', severity_rank: 2, is_past: 0, is_muted: 0, is_told: 1 },
        ...{ ...about, ...times, acknowledged_by: 'person:1', acknowledged_at: at },
      })
      .execute();
    await tx
      .insertInto('alert')
      .values({
        ...{
          id: 'a1',
          incident_id: 'i1',
          subject: `device:${id}`,
          check_id: 'log.errors',
          instance: '',
          type: 'health',
        },
        ...{ ...about, ...times, detail: '', is_failing: 0, count: 1, openings: '[]', is_muted: 0 },
      })
      .execute();
  });
}

export function defineBackTestTests(engine: TestEngine): void {
  describe(`back-tests on ${engine.name}`, () => {
    test('events are judged twice: as they are counted now and as drafted', async () => {
      const { run, errors } = await open(engine);
      await errors(12, FROM + HOUR);
      await errors(30, FROM + 2 * DAY);
      const answer = await run({ checks: [withWhen('log.errors', { limits: { medium: 20 } })] });
      expect(answer).toMatchObject({
        ...{ devices: 1, changedDevices: 1, lostCount: 0 },
        before: { findings: 2, notifications: 2 },
        after: { findings: 1, notifications: 1 },
        checks: [{ check: 'log.errors', before: { findings: 2 }, after: { findings: 1 } }],
        worst: [{ deviceName: 'web-1', before: 2, after: 1 }],
      });
    });

    test('an incident that somebody took and the draft does not find is lost', async () => {
      const kit = await open(engine);
      await kit.errors(12, FROM + HOUR);
      await taken(kit, FROM + HOUR);
      const found = await kit.run({ checks: [withWhen('log.errors', { limits: { medium: 11 } })] });
      expect(found).toMatchObject({ truths: 1, lostCount: 0 });
      const lost = await kit.run({ off: ['log.errors'] });
      expect(lost).toMatchObject({ truths: 1, lostCount: 1, lost: [{ check: 'log.errors', why: 'taken' }] });
    });

    test('a warning in the hour before an outage is real too', async () => {
      const { run, errors, states } = await open(engine);
      await errors(12, FROM + 5 * HOUR);
      await states(['up', FROM], ['down', FROM + 5 * HOUR + 30 * MINUTE], ['up', FROM + 7 * HOUR]);
      expect(await run({ off: ['log.errors'] })).toMatchObject({ lost: [{ check: null, why: 'before-outage' }] });
    });

    test('outages are judged by the states that were told', async () => {
      const { run, states } = await open(engine);
      await states(['up', FROM], ['down', FROM + HOUR], ['up', FROM + HOUR + 2 * MINUTE], ['down', FROM + DAY]);
      const patient = { ...shipped('device.down'), when: { ...shipped('device.down').when, forMs: 10 * MINUTE } };
      expect(await run({ checks: [Check.parse(patient)] })).toMatchObject({
        before: { findings: 2 },
        after: { findings: 1 },
      });
    });

    test('facts of before the span count in it', async () => {
      const { run, fact } = await open(engine);
      const certificates = [{ subject: 'CN=a', issuer: null, expiresAt: FROM + 35 * DAY, thumbprint: 'aa' }];
      await fact('certificates', FROM - DAY, { certificates });
      const early = withWhen('certificate.end', { limits: { medium: 60 * DAY } });
      // Sixty days before its end are long over when the span begins; thirty come within it.
      expect(await run({ checks: [early] })).toMatchObject({ before: { findings: 1 }, after: { findings: 1 } });
    });

    test('what the draft does not change is asked of nobody', async () => {
      const { run, asked } = await open(engine);
      expect(await run({ checks: [shipped('cpu.used')] })).toMatchObject({ changedDevices: 0 });
      expect(asked).toEqual([]);
    });

    test('few devices a call, one test at a time, and no longer than a month', async () => {
      const { run, asked, backTest, place } = await open(engine);
      const many = Array.from({ length: 60 }, (_, i) => {
        const device = `01900000-0000-7000-8000-${i.toString(16).padStart(12, '0')}` as DeviceId;
        return { device, name: `d${i}`, ...place };
      });
      const first = run({ off: ['cpu.used'] }, many);
      await expect(run({ off: ['cpu.used'] })).rejects.toMatchObject({ code: 'rate-limited' });
      expect((await first).devices).toBe(60);
      expect(asked.map(({ devices }) => devices.length)).toEqual([50, 10]);
      expect(asked.map(({ sets }) => sets.length)).toEqual([2, 2]);
      const ask = { devices: [], draft: { checks: [], off: [] }, from: FROM };
      for (const to of [FROM, FROM + MAX_BACK_TEST_MS + 1])
        await expect(backTest.run({ ...ask, to })).rejects.toThrow(AppError);
    });

    test('a preview of one check tells what it would have found of its device', async () => {
      const { store, id, errors, link } = await open(engine);
      await errors(12, TO - DAY);
      const metrics = { rows: async () => ({ hours: [], leads: [] }) };
      const ask = { device: id, relays: [link.relay], intervalMs: MINUTE, since: FROM, from: TO - 2 * DAY, to: TO };
      const told = await previewCheck({ db: store.db, metrics }, { ...ask, check: shipped('log.errors') });
      expect(told).toMatchObject({ notifications: 1, series: [], source: { missing: [] } });
      expect(told.episodes).toMatchObject([{ check: 'log.errors', severity: 'medium', limit: 10 }]);
      const cpu = await previewCheck({ db: store.db, metrics }, { ...ask, check: shipped('cpu.used') });
      expect(cpu).toMatchObject({ episodes: [], series: ['cpu.used_ratio'], source: { missing: [{ to: TO }] } });
      const long = { ...ask, from: TO - 8 * DAY, check: shipped('cpu.used') };
      await expect(previewCheck({ db: store.db, metrics }, long)).rejects.toMatchObject({ code: 'bad-request' });
    });
  });
}
