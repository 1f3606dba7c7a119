// Incidents on both engines: what hangs together is one, in whatever order and however late it is heard.
import { describe, expect, test } from 'vitest';
import { type Alerting, FindingTale, makeAlerts } from './alerts-kit.ts';
import type { TestEngine } from './test-engine.ts';

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

export function defineOutageTests(engine: TestEngine): void {
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

    test('one of hundreds is changed without reading the others, and what they are counts all the same', async () => {
      const kit = await makeAlerts(engine);
      const { clock, tell, pass, told } = kit;
      const parent = await kit.device('switch');
      const [first, second, third] = [await kit.device('a'), await kit.device('b'), await kit.device('c')];
      const root = down(parent, clock.now());
      const tales = [first, second, third].map((id) => down(id, clock.now(), { because: parent, severity: 'low' }));
      const [a, b] = tales;
      if (a === undefined || b === undefined) throw new Error('there are three');
      await tell([root.first, ...tales.map((tale) => tale.first)]);
      await pass(HOLD);
      await tell([b.next(clock.now(), { severity: 'high' })]);
      await tell([root.clear(clock.now())]);
      await pass(0);
      const [incident] = await kit.incidents();
      const read = await kit.alerts.changeNow(kit.link.site, { subjects: [`device:${first}`] }, async (work) =>
        work.incidents().flatMap(({ id }) => work.openIn(id)),
      );
      expect(read.map(({ device }) => device)).toEqual([first]);
      await tell([a.clear(clock.now())]);
      expect(await kit.incidents()).toMatchObject([{ id: incident?.id, severity: 'high', state: 'active' }]);
      await tell(tales.slice(1).map((tale) => tale.clear(clock.now())));
      expect(await kit.incidents()).toMatchObject([{ id: incident?.id, state: 'resolved' }]);
      expect(await told()).toEqual(['opened']);
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
