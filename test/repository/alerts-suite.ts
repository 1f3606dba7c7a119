// Findings become alerts and incidents, on both engines: each once, in order, and told as people can bear it.
import { describe, expect, test } from 'vitest';
import { MAX_OPEN_PER_SUBJECT } from '#console/alerts/take-finding.ts';
import { type Alerting, FindingTale, makeAlerts } from './alerts-kit.ts';
import { lingerInside, type TestEngine } from './test-engine.ts';

const MINUTE = 60_000;
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

    test('a device that flaps for an hour is one alert, told once as open and once as flapping', async () => {
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
      expect(await told()).toEqual(['opened', 'flapping']);
      await pass(15 * MINUTE);
      expect(await kit.rows()).toMatchObject([{ state: 'resolved' }]);
      await pass(DEDUP);
      expect(await told()).toEqual(['resolved']);
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

function defineIncidentTests(engine: TestEngine): void {
  describe(`incidents on ${engine.name}`, () => {
    test('a switch that dies with fifty devices behind it is one incident with fifty children', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const parent = await kit.device('switch');
      const children = [];
      for (let i = 0; i < 50; i += 1) children.push(await kit.device(`d${i}`));
      const root = down(parent, clock.now());
      const tales = children.map((id) => down(id, clock.now(), { because: parent }));
      // In whatever order they come, and in several batches.
      await tell(tales.slice(0, 20).map(({ first }) => first));
      await tell([root.first]);
      await tell(tales.slice(20).map(({ first }) => first));
      await pass(HOLD);
      expect(await statesOf(kit)).toEqual([['switch is down', 'active']]);
      const rows = await kit.rows();
      expect(rows).toHaveLength(51);
      expect(new Set(rows.map((row) => row.incident_id)).size).toBe(1);
      expect(await told()).toEqual(['opened']);
      await tell([root.clear(clock.now()), ...tales.map((tale) => tale.clear(clock.now()))]);
      await pass(DEDUP);
      expect(await told()).toEqual(['resolved']);
    });

    test('a child that was told before its parent was known is taken back into the one outage', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const [parent, child] = [await kit.device('switch'), await kit.device('a')];
      await tell([down(child, clock.now(), { because: parent }).first]);
      await pass(HOLD);
      await tell([down(parent, clock.now()).first]);
      await pass(HOLD);
      expect(await told()).toEqual(['opened', 'merged', 'opened']);
      expect(await statesOf(kit)).toEqual([['switch is down', 'active']]);
    });

    test('what else is wrong with a device that is down is a part of that', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const id = await kit.device('a');
      await tell([new FindingTale(id, clock.now(), { check: 'service.stopped', instance: 'sshd' }).first]);
      await tell([down(id, clock.now()).first]);
      await tell([new FindingTale(id, clock.now(), { check: 'backup.age' }).first]);
      await pass(HOLD);
      expect(await statesOf(kit)).toEqual([['a is down', 'active']]);
      expect(await told()).toEqual(['opened']);
    });

    test('disk, processor and memory of one device together are exhausted resources', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const id = await kit.device('a');
      await tell([new FindingTale(id, clock.now()).first]);
      await pass(MINUTE);
      await tell([new FindingTale(id, clock.now(), { check: 'disk.queue', instance: 'sda' }).first]);
      await tell([new FindingTale(id, clock.now(), { check: 'memory.used', severity: 'critical' }).first]);
      expect(await kit.incidents()).toMatchObject([
        { title: 'a: resources are exhausted (cpu, disk, memory)', severity: 'critical' },
      ]);
      expect(await told()).toEqual(['opened', 'worse']);
      await pass(6 * MINUTE);
      await tell([new FindingTale(id, clock.now(), { check: 'network.errors' }).first]);
      expect(await kit.incidents()).toHaveLength(2);
    });

    test('an outage inside a cut arrives late: one past incident with its true times', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const [parent, child] = [await kit.device('switch'), await kit.device('a')];
      const begin = clock.now();
      const [root, leaf] = [down(parent, begin), down(child, begin + 5_000, { because: parent })];
      await clock.advance(20 * MINUTE);
      await tell([root.first, leaf.first, leaf.clear(begin + 4 * MINUTE), root.clear(begin + 5 * MINUTE)]);
      await pass(DEDUP);
      expect(await kit.incidents()).toMatchObject([
        { title: 'switch is down', state: 'resolved', is_past: 1, opened_at: begin, resolved_at: begin + 5 * MINUTE },
      ]);
      expect(await told()).toEqual(['past']);
    });

    test('what comes late waits for the rest of its story, and is told when none comes', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const begin = clock.now();
      const [over, mailed, open] = [await kit.device('a'), await kit.device('b'), await kit.device('c')].map((device) =>
        down(device, begin),
      );
      await clock.advance(20 * MINUTE);
      for (const tale of [over, mailed, open]) if (tale !== undefined) await tell([tale.first]);
      await pass(5_000);
      if (over !== undefined) await tell([over.clear(begin + 5 * MINUTE)]);
      if (mailed !== undefined) await tell([mailed.next(begin + MINUTE, { toldAt: begin + MINUTE })]);
      expect(await told()).toEqual(['past']);
      await pass(10_000);
      const waiting = await kit.outbox.waiting(10);
      expect(waiting.map(({ kind }) => kind)).toEqual(['opened', 'opened']);
      expect(new Set(waiting.map(({ toldAt }) => toldAt))).toEqual(new Set([begin + MINUTE, null]));
    });

    test('a child whose parent is over explains itself by the time', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell } = kit;
      const [parent, child] = [await kit.device('switch'), await kit.device('a')];
      const begin = clock.now();
      const root = down(parent, begin);
      await clock.advance(20 * MINUTE);
      await tell([root.first, root.clear(begin + 5 * MINUTE)]);
      await tell([down(child, begin + MINUTE, { because: parent }).first]);
      expect(await kit.incidents()).toHaveLength(1);
    });

    test('what begins with the first answer after an outage is no part of it', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass } = kit;
      const id = await kit.device('a');
      const begin = clock.now();
      const outage = down(id, begin);
      await tell([outage.first]);
      await pass(HOLD);
      await clock.advance(5 * MINUTE);
      const upAt = begin + 5 * MINUTE;
      await tell([outage.clear(upAt)]);
      await tell([new FindingTale(id, upAt, { check: 'service.failed', detail: 'Failed services' }).first]);
      await pass(HOLD);
      expect(await kit.incidents()).toMatchObject([{ title: 'a is down', state: 'resolved' }, { state: 'active' }]);
    });

    test('what the relay told its on-call is said in what notify is told', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, outbox } = kit;
      const tale = down(await kit.device('a'), clock.now(), { toldAt: clock.now() });
      await tell([tale.first]);
      await pass(HOLD);
      expect(await outbox.waiting(10)).toMatchObject([{ kind: 'opened', toldAt: tale.first.at }]);
    });

    test('what is taken is marked, once, by whoever is first', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, outbox, store } = kit;
      await tell([down(await kit.device('a'), clock.now()).first]);
      await pass(HOLD);
      const seqs = (await outbox.waiting(10)).map(({ seq }) => seq);
      const take = () => store.transaction((tx) => outbox.take(tx, seqs, clock.now()));
      expect(await take()).toEqual(new Set(seqs));
      expect(await take()).toEqual(new Set());
      expect(await outbox.waiting(10)).toEqual([]);
    });

    test('an incident outlives its device, and ends', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told, store, watch } = kit;
      const id = await kit.device('a');
      await tell([down(id, clock.now()).first]);
      await pass(HOLD);
      await store.db.deleteFrom('device').where('id', '=', id).execute();
      await watch.tidy();
      await pass(0);
      await pass(DEDUP);
      expect(await statesOf(kit)).toEqual([['a is down', 'resolved']]);
      expect(await told()).toEqual(['opened', 'resolved']);
    });
  });
}

export function defineAlertsTests(engine: TestEngine): void {
  defineLifeTests(engine);
  defineWindowTests(engine);
  defineIncidentTests(engine);
}
