// Findings become alerts and incidents, on both engines: each once, in order, and told as people can bear it.
import { describe, expect, test } from 'vitest';
import { MAX_OPEN_PER_SUBJECT } from '#console/alerts/take-finding.ts';
import { type Alerting, FindingTale, makeAlerts } from './alerts-kit.ts';
import { defineOutageTests } from './outages-suite.ts';
import { lingerInside, type TestEngine } from './test-engine.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HOLD = 1_000;
const DEDUP = 5 * MINUTE;

/** A finding of a device that is down. */
const down = (device: FindingTale['first']['device'], at: number, more: object = {}) =>
  new FindingTale(device, at, {
    ...{ check: 'device.down', severity: 'critical', detail: 'no answer for 120 s' },
    ...more,
  });

const statesOf = async (kit: Alerting) => (await kit.incidents()).map(({ title, state }) => [title, state]);

function defineLifeTests(engine: TestEngine): void {
  describe(`the life of an alert on ${engine.name}`, () => {
    test('it is triggered, active, told once, resolved with evidence, and told to be over', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const tale = new FindingTale(await kit.device('a'), clock.now());
      await tell([tale.first]);
      expect(await statesOf(kit)).toEqual([['a: cpu.used', 'triggered']]);
      expect(await told()).toEqual([]);
      await pass(HOLD);
      expect(await statesOf(kit)).toEqual([['a: cpu.used', 'active']]);
      expect(await told()).toEqual(['opened']);
      await pass(MINUTE);
      await tell([tale.clear(clock.now())]);
      expect(await kit.rows()).toMatchObject([{ state: 'resolved', resolved_at: clock.now() }]);
      expect(await told()).toEqual([]);
      await pass(DEDUP);
      expect(await told()).toEqual(['resolved']);
      await pass(8 * 86_400_000);
      expect(await told()).toEqual([]);
    });

    test('a record that comes again, or late, changes nothing', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const tale = new FindingTale(await kit.device('a'), clock.now());
      const [first, worse] = [tale.first, tale.next(clock.now(), { severity: 'critical', count: 3 })];
      await tell([first, first, worse]);
      const before = await kit.rows();
      expect(before).toMatchObject([{ severity: 'critical', count: 3 }]);
      await tell([worse, first]);
      expect(await kit.rows()).toEqual(before);
      await pass(HOLD);
      expect(await told()).toEqual(['opened']);
    });

    test('what ceases and begins again within the dedup window is one alert, and nobody hears of it', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const id = await kit.device('a');
      const tale = new FindingTale(id, clock.now());
      await tell([tale.first]);
      await pass(HOLD);
      await tell([tale.clear(clock.now())]);
      await pass(DEDUP - 1_000);
      await tell([new FindingTale(id, clock.now()).first]);
      await pass(DEDUP);
      expect(await kit.rows()).toMatchObject([{ state: 'active', count: 2 }]);
      expect(await told()).toEqual(['opened']);
    });

    test('what begins again within the reopen window is the same alert, reopened; later it is another', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const id = await kit.device('a');
      const again = async () => {
        const tale = new FindingTale(id, clock.now());
        await tell([tale.first]);
        await pass(HOLD);
        await tell([tale.clear(clock.now())]);
        await pass(DEDUP);
      };
      await again();
      await pass(20 * MINUTE);
      await again();
      expect(await kit.rows()).toHaveLength(1);
      expect(await told()).toEqual(['opened', 'resolved', 'reopened', 'resolved']);
      await pass(61 * MINUTE);
      await again();
      expect(await kit.rows()).toHaveLength(2);
      expect(await told()).toEqual(['opened', 'resolved']);
    });

    test('worse is news, better is not', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const tale = new FindingTale(await kit.device('a'), clock.now());
      await tell([tale.first]);
      await pass(HOLD);
      await tell([tale.next(clock.now(), { severity: 'critical' })]);
      await tell([tale.next(clock.now(), { severity: 'medium' })]);
      expect(await told()).toEqual(['opened', 'worse']);
    });

    test('a thousand repeats within five minutes are one alert that counts a thousand', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const id = await kit.device('a');
      const begin = clock.now();
      // As a relay that lost its memory each time, and as one that counts.
      const lost = Array.from({ length: 500 }, (_, i) => new FindingTale(id, begin + i).first);
      await tell(lost);
      await pass(HOLD);
      const tale = new FindingTale(id, clock.now());
      await tell([tale.first]);
      for (let count = 100; count < 500; count += 100) await tell([tale.next(clock.now(), { count })]);
      await tell([tale.next(clock.now(), { count: 500 })]);
      await pass(DEDUP);
      expect(await kit.rows()).toMatchObject([{ count: 1_000 }]);
      expect(await told()).toEqual(['opened']);
    });

    test('a device that flaps for an hour is one alert, told once as open and once when it is calm', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const id = await kit.device('a');
      for (let minute = 0; minute < 60; minute += 2) {
        const tale = down(id, clock.now());
        await tell([tale.first]);
        await pass(MINUTE);
        await tell([tale.clear(clock.now())]);
        await pass(MINUTE);
      }
      expect(await kit.rows()).toHaveLength(1);
      expect(await told()).toEqual(['opened']);
      const endedAt = clock.now() - MINUTE;
      await pass(15 * MINUTE);
      // Over since it ceased last, not since somebody was sure of it.
      expect(await kit.rows()).toMatchObject([{ state: 'resolved', resolved_at: endedAt }]);
      expect(await kit.lastEntry('steady')).toBe('came and went 30 times in 58 min');
      await pass(DEDUP);
      expect(await told()).toEqual(['resolved']);
    });

    test('what ceases and begins again in one batch is the same alert', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const id = await kit.device('a');
      const tale = down(id, clock.now());
      await tell([tale.first]);
      await pass(10 * MINUTE);
      const again = down(id, clock.now() - MINUTE);
      await tell([
        tale.clear(clock.now() - 2 * MINUTE),
        again.first,
        again.clear(clock.now()),
        down(id, clock.now()).first,
      ]);
      expect(await kit.rows()).toHaveLength(1);
      await pass(DEDUP);
      expect(await told()).toEqual(['opened']);
    });

    test('what flaps and then stays bad is told once more, with how often it came and went', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const id = await kit.device('a');
      for (let time = 0; time < 6; time += 1) {
        const tale = down(id, clock.now());
        await tell([tale.first]);
        await pass(MINUTE);
        await tell([tale.clear(clock.now())]);
        await pass(MINUTE);
      }
      await tell([down(id, clock.now()).first]);
      await pass(15 * MINUTE);
      expect(await told()).toEqual(['opened', 'flapping']);
      expect(await kit.lastEntry('steady')).toBe('came and went 7 times in 12 min; now it lasts');
      await pass(5 * HOUR);
      expect(await told()).toEqual([]);
    });

    test('what flaps without end is told after two hours, and then after as long again', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const id = await kit.device('a');
      const digests: number[] = [];
      const begun = clock.now();
      for (let minute = 0; minute < 20 * 60; minute += 8) {
        const tale = down(id, clock.now());
        await tell([tale.first]);
        await pass(4 * MINUTE);
        await tell([tale.clear(clock.now())]);
        await pass(4 * MINUTE);
        for (const kind of await told()) if (kind === 'flapping') digests.push((clock.now() - begun) / HOUR);
      }
      expect(await kit.rows()).toHaveLength(1);
      expect(digests.map(Math.floor)).toEqual([2, 4, 8, 16]);
    });

    test('what people were told to be over and flaps is told as flapping', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const id = await kit.device('a');
      for (let time = 0; time < 4; time += 1) {
        const tale = down(id, clock.now());
        await tell([tale.first]);
        await pass(MINUTE);
        await tell([tale.clear(clock.now())]);
        await pass(6 * MINUTE);
        await pass(MINUTE);
      }
      expect(await told()).toEqual(['opened', 'resolved', 'reopened', 'resolved', 'reopened', 'resolved', 'flapping']);
    });

    test('the newest finding alone speaks for an alert', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell } = kit;
      const id = await kit.device('a');
      const [former, newest] = [new FindingTale(id, clock.now()), new FindingTale(id, clock.now() + 1)];
      await tell([former.first]);
      await tell([newest.first]);
      await tell([former.clear(clock.now())]);
      expect(await kit.rows()).toMatchObject([{ state: 'active' }]);
      await tell([newest.clear(clock.now())]);
      expect(await kit.rows()).toMatchObject([{ state: 'resolved' }]);
    });

    test('a relay finds nothing on devices that are not its own, and an end without a beginning is none', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell } = kit;
      const id = await kit.device('a');
      await tell([new FindingTale(id, clock.now()).first], await kit.addRelay());
      await tell([new FindingTale(id, clock.now()).clear(clock.now())]);
      expect(await kit.rows()).toEqual([]);
    });

    test('instances that are stored alike are one, and times of tomorrow are of now', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell } = kit;
      const id = await kit.device('a');
      const later = { since: Number.MAX_SAFE_INTEGER, toldAt: Number.MAX_SAFE_INTEGER };
      await tell([
        new FindingTale(id, clock.now(), { instance: 'c\0', ...later }).first,
        new FindingTale(id, clock.now() + 1, { instance: 'c\uFFFD' }).first,
      ]);
      expect(await kit.rows()).toMatchObject([{ instance: 'c\uFFFD', count: 2 }]);
      expect(await kit.incidents()).toMatchObject([{ opened_at: clock.now() + DEDUP }]);
    });

    test('a finding whose alert a person resolved says nothing once another speaks', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, store, pass } = kit;
      const id = await kit.device('a');
      const former = new FindingTale(id, clock.now());
      await tell([former.first]);
      await store.db.updateTable('alert').set({ state: 'resolved', resolved_at: clock.now() }).execute();
      await pass(61 * MINUTE);
      await tell([new FindingTale(id, clock.now()).first, former.next(clock.now(), { severity: 'critical' })]);
      expect(await kit.rows()).toMatchObject([{ state: 'resolved' }, { state: 'active', severity: 'high' }]);
    });

    test('a relay out of its mind opens a bounded number of alerts', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, alerts } = kit;
      const id = await kit.device('a');
      const many = Array.from(
        { length: MAX_OPEN_PER_SUBJECT + 50 },
        (_, i) => new FindingTale(id, clock.now() + i, { check: 'service.stopped', instance: `s${i}` }).first,
      );
      await tell(many);
      expect(await kit.rows()).toHaveLength(MAX_OPEN_PER_SUBJECT);
      expect(alerts.stats()).toEqual({ findings: MAX_OPEN_PER_SUBJECT, oldFindings: 0, tooMany: 50 });
    });

    test('two batches of one site at once make one alert of one thing', async () => {
      const kit = await makeAlerts(engine);
      const { clock, store, alerts, link } = kit;
      const id = await kit.device('a');
      const slowly = (at: number) =>
        store.transaction(async (tx) => {
          await alerts.applyFindings(tx, link, [new FindingTale(id, at).first]);
          await lingerInside(tx);
        });
      await Promise.all([slowly(clock.now()), slowly(clock.now() + 1)]);
      expect(await kit.rows()).toMatchObject([{ count: 2 }]);
    });
  });
}

function defineWindowTests(engine: TestEngine): void {
  const muted = { muted: '01890000-0000-7000-80e0-000000000001' } as object;
  describe(`maintenance windows on ${engine.name}`, () => {
    test('what a window covers is kept and told to nobody; its end opens one fresh alert', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const id = await kit.device('a');
      const inside = new FindingTale(id, clock.now(), muted);
      await tell([inside.first]);
      await pass(30 * MINUTE);
      expect(await kit.incidents()).toMatchObject([{ state: 'active', is_muted: 1 }]);
      await tell([inside.clear(clock.now(), muted), new FindingTale(id, clock.now()).first]);
      await pass(HOLD);
      expect(await kit.rows()).toMatchObject([{ state: 'resolved' }, { state: 'active' }]);
      await pass(DEDUP);
      expect(await told()).toEqual(['opened']);
    });

    test('a window that begins silences what is open, and what ceases inside it is told to be over', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const tale = new FindingTale(await kit.device('a'), clock.now());
      await tell([tale.first]);
      await pass(HOLD);
      await tell([tale.next(clock.now(), muted)]);
      await tell([tale.next(clock.now(), { ...muted, severity: 'critical' })]);
      await tell([tale.clear(clock.now(), muted)]);
      await pass(DEDUP);
      expect(await told()).toEqual(['opened', 'muted', 'resolved']);
    });
  });
}

export function defineAlertsTests(engine: TestEngine): void {
  defineLifeTests(engine);
  defineWindowTests(engine);
  defineOutageTests(engine);
}
