// Who is told of incidents, on both engines: each once, in time, never a flood, never lost, and why.
import { describe, expect, test } from 'vitest';
import { EVERYTHING_SCOPE } from '#console/access/scope.ts';
import type { DeviceId, IncidentId } from '#shared/base/id.ts';
import { Escalation } from '#shared/model/on-call.ts';
import { FindingTale } from './alerts-kit.ts';
import { defineNotifyHardTests } from './notify-hard-suite.ts';
import { BOOT, makeNotify, type Notifying } from './notify-kit.ts';
import type { TestEngine } from './test-engine.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Alerts hold what begins, and what is over, for so long. */
const HOLD = 1_000;
const DEDUP = 5 * MINUTE;

const down = (device: DeviceId, at: number, more: object = {}) =>
  new FindingTale(device, at, { ...{ check: 'device.down', severity: 'critical', detail: 'no answer' }, ...more });

/** Anna hears of everything. */
async function withAnna(engine: TestEngine, route: Record<string, unknown> = {}) {
  const kit = await makeNotify(engine);
  const anna = await kit.contact('anna');
  const made = await kit.route('All', { targets: [{ kind: 'contact', contact: anna.id }], ...route });
  return { ...kit, anna, made };
}

async function outage(kit: Notifying, name = 'a', more: object = {}): Promise<FindingTale> {
  const tale = down(await kit.device(name), kit.clock.now(), more);
  await kit.tell([tale.first]);
  await kit.later(HOLD);
  return tale;
}

async function over(kit: Notifying, tale: FindingTale): Promise<void> {
  await kit.tell([tale.clear(kit.clock.now())]);
  await kit.later(0);
  await kit.later(DEDUP);
}

const onlyIncident = async (kit: Notifying): Promise<IncidentId> => {
  const [first] = (await kit.notify.log.list(EVERYTHING_SCOPE, { limit: 1 })).items;
  if (first?.incidentId === undefined || first.incidentId === null) throw new Error('nothing was told');
  return first.incidentId;
};

const reasons = async (kit: Notifying) =>
  (await kit.notify.log.why(EVERYTHING_SCOPE, await onlyIncident(kit))).map(({ code }) => code);

function defineTellingTests(engine: TestEngine): void {
  describe(`who is told on ${engine.name}`, () => {
    test('one outage is one message, and one when it is over, in one thread', async () => {
      const kit = await withAnna(engine);
      const tale = await outage(kit);
      const [opened] = kit.sent;
      expect(kit.heard()).toEqual(['anna@example.org opened a is down']);
      expect(opened?.told.ackLink).toMatch(/^https:\/\/rmm\.example\/acknowledge#\S{43}$/);
      await over(kit, tale);
      expect(kit.sent[0]?.told.incident).toBe(opened?.told.incident);
      expect(kit.heard()).toEqual(['anna@example.org resolved a is down']);
      await kit.later(HOUR);
      expect(kit.heard()).toEqual([]);
      expect(await reasons(kit)).toEqual(['route-fits', 'planned', 'sent', 'planned', 'sent']);
    });

    test('a place that several routes name is told once; what keeps others from it stands in the trace', async () => {
      const kit = await withAnna(engine);
      const targets = [{ kind: 'contact', contact: kit.anna.id }];
      await kit.route('Also', { place: 2, targets });
      await kit.route('Servers', { place: 3, targets, match: { tags: ['server'] } });
      await kit.route('Off', { place: 4, targets, isOn: false });
      await outage(kit);
      expect(kit.heard()).toHaveLength(1);
      const why = await kit.notify.log.why(EVERYTHING_SCOPE, await onlyIncident(kit), kit.anna.id);
      expect(why.map(({ text }) => text)).toEqual([
        'route All is for it',
        'route Also is for it',
        'anna by Mail is told by another route',
        'route Servers: the device has none of its tags',
        'route Off: it is off',
        'anna by Mail is to be told: opened',
        'anna by Mail: taken',
      ]);
    });

    test('a route of groups is for the devices that they hold', async () => {
      const [rack, other] = ['01890000-0000-7000-80e0-0000000000c1', '01890000-0000-7000-80e0-0000000000c2'];
      const kit = await withAnna(engine, { match: { groups: [rack] } });
      const [inside, outside] = [await kit.device('in'), await kit.device('out')];
      kit.groups.set(inside, [other, rack]).set(outside, [other]);
      await kit.tell([down(inside, kit.clock.now()).first, down(outside, kit.clock.now()).first]);
      await kit.later(HOLD);
      expect(kit.heard()).toEqual(['anna@example.org opened in is down']);
    });

    test('nobody is told by no route, and the trace says so', async () => {
      const kit = await makeNotify(engine);
      await outage(kit);
      expect(kit.heard()).toEqual([]);
      const [{ id } = { id: '' }] = await kit.incidents();
      const why = await kit.notify.log.why(EVERYTHING_SCOPE, id as IncidentId); // of the row
      expect(why.map(({ code }) => code)).toEqual(['no-route']);
    });

    test('what is over before the delay has passed is told to nobody', async () => {
      const kit = await withAnna(engine, { delayMs: 10 * MINUTE });
      const tale = await outage(kit);
      await kit.later(MINUTE);
      await over(kit, tale);
      await kit.later(HOUR);
      expect(kit.heard()).toEqual([]);
      expect(await reasons(kit)).toEqual(['route-fits', 'planned', 'dropped']);
    });

    test('it is told again while nobody has taken it, and no more when somebody has', async () => {
      const kit = await withAnna(engine, { repeatMs: 30 * MINUTE });
      await outage(kit);
      kit.heard();
      await kit.later(30 * MINUTE);
      expect(kit.heard()).toEqual(['anna@example.org repeat a is down']);
      await kit.acts.acknowledge(BOOT, { incidents: [await onlyIncident(kit)], alerts: [] });
      await kit.later(2 * HOUR);
      expect(kit.heard()).toEqual([]);
    });

    test('what the relay of the site has told already is not told again', async () => {
      const kit = await withAnna(engine);
      await outage(kit, 'a', { toldAt: kit.clock.now() });
      expect(kit.heard()).toEqual([]);
      const [{ id } = { id: '' }] = await kit.incidents();
      const why = await kit.notify.log.why(EVERYTHING_SCOPE, id as IncidentId); // of the row
      expect(why.map(({ code }) => code)).toContain('told-by-relay');
    });
  });
}

function defineClimbTests(engine: TestEngine): void {
  describe(`who is told later on ${engine.name}`, () => {
    test('nobody takes it: the tiers are told in their order and once each; taken by the link, it stops', async () => {
      const kit = await makeNotify(engine);
      const [anna, lead, boss] = [await kit.contact('anna'), await kit.contact('lead'), await kit.contact('boss')];
      const tier = (name: string, minutes: number, contact: string) => ({
        ...{ name, afterMs: minutes * MINUTE },
        targets: [{ kind: 'contact', contact }],
      });
      const escalation = await kit.notify.escalations.create(
        BOOT,
        Escalation.parse({
          name: 'Usual',
          tiers: [tier('first', 15, anna.id), tier('lead', 30, lead.id), tier('boss', 60, boss.id)],
        }),
      );
      await kit.route('All', { targets: [{ kind: 'contact', contact: anna.id }], escalation: escalation.id });
      await outage(kit);
      expect(kit.heard()).toEqual(['anna@example.org opened a is down']);
      await kit.later(16 * MINUTE);
      expect(kit.heard()).toEqual(['anna@example.org escalated a is down']);
      await kit.later(15 * MINUTE);
      const link = kit.sent[0]?.told.ackLink ?? '';
      expect(kit.heard()).toEqual(['lead@example.org escalated a is down']);
      const token = link.split('#')[1] ?? '';
      expect(await kit.notify.acknowledgements.show(token)).toMatchObject({ state: 'open', contactName: 'lead' });
      expect(await kit.notify.acknowledgements.use(token)).toMatchObject({ contactName: 'lead' });
      await kit.later(2 * HOUR);
      expect(kit.heard()).toEqual([]);
      expect(await kit.notify.acknowledgements.show(token)).toMatchObject({ state: 'used' });
      await expect(kit.notify.acknowledgements.use(token)).rejects.toMatchObject({ code: 'token-used' });
      await expect(kit.notify.acknowledgements.use('x'.repeat(43))).rejects.toMatchObject({ code: 'token-unknown' });
    });

    test('beyond the guard messages are held, and come as one digest that says what it is about', async () => {
      const kit = await makeNotify(engine);
      const anna = await kit.contact('anna', { flood: { messages: 3, withinMs: 10 * MINUTE } });
      await kit.route('All', { targets: [{ kind: 'contact', contact: anna.id }] });
      for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await outage(kit, name);
      expect(kit.heard()).toHaveLength(3);
      await kit.later(MINUTE);
      const [digest] = kit.sent;
      expect(kit.heard()).toEqual(['anna@example.org digest 3 messages about 3 incidents, 3 still open']);
      expect(digest?.told.lines).toHaveLength(3);
      expect(digest?.told.detail).toContain('by device.down (3)');
      const { items } = await kit.notify.log.list(EVERYTHING_SCOPE, { limit: 20 });
      expect(items.map(({ state }) => state)).toEqual(items.map(() => 'sent'));
    });

    test('a route that gathers tells one digest after its time', async () => {
      const kit = await withAnna(engine, { digestMs: HOUR });
      await outage(kit, 'a');
      await outage(kit, 'b');
      expect(kit.heard()).toEqual([]);
      await kit.later(HOUR);
      expect(kit.heard()).toEqual(['anna@example.org digest 2 messages about 2 incidents, 2 still open']);
    });
  });
}

function defineDeliveryTests(engine: TestEngine): void {
  describe(`deliveries on ${engine.name}`, () => {
    test('a server that is busy is left alone for as long as it asks, and tried again', async () => {
      const kit = await withAnna(engine);
      kit.answers.push({ ok: false, isLasting: false, detail: '429', afterMs: 5 * MINUTE });
      await outage(kit);
      await kit.later(MINUTE);
      expect(kit.heard()).toEqual([]);
      expect(kit.failing).toEqual(['Mail 1']);
      await kit.later(5 * MINUTE);
      expect(kit.heard()).toEqual(['anna@example.org opened a is down']);
    });

    test('what is refused for good is given up, shown, and may be tried again by hand', async () => {
      const kit = await withAnna(engine);
      kit.answers.push({ ok: false, isLasting: true, detail: '550 nobody' });
      await outage(kit);
      const [dead] = (await kit.notify.log.list(EVERYTHING_SCOPE, { limit: 1, state: 'dead' })).items;
      expect(dead).toMatchObject({ state: 'dead', error: '550 nobody', attempts: 1 });
      if (dead === undefined) return;
      await kit.notify.log.retry(BOOT, EVERYTHING_SCOPE, dead.id);
      await kit.work();
      expect(kit.heard()).toHaveLength(1);
      const shown = await kit.notify.log.show(EVERYTHING_SCOPE, dead.id);
      expect(shown.log.map(({ ok }) => ok)).toEqual([false, true]);
      expect(shown.text).not.toContain('acknowledge#');
    });

    test('a day of failures is the end of it', async () => {
      const kit = await withAnna(engine);
      kit.answers.push(
        ...Array.from({ length: 500 }, () => ({ ok: false, isLasting: false, detail: 'gone' }) as const),
      );
      await outage(kit);
      for (let hour = 0; hour < 26; hour += 1) for (let part = 0; part < 8; part += 1) await kit.later(HOUR / 8);
      const { items } = await kit.notify.log.list(EVERYTHING_SCOPE, { limit: 1 });
      expect(items[0]).toMatchObject({ state: 'dead', error: 'gone' });
      expect(items[0]?.attempts).toBeLessThan(250);
    });

    test('a console that ended in the middle of an attempt tells it after its start', async () => {
      const kit = await withAnna(engine);
      const tale = down(await kit.device('a'), kit.clock.now());
      await kit.tell([tale.first]);
      await kit.pass(HOLD);
      await kit.store.transaction(
        async (tx) => void (await tx.updateTable('notification').set({ state: 'sending' }).execute()),
      );
      // Planned and claimed, and the program is gone before the answer.
      kit.answers.push({ ok: false, isLasting: false, detail: 'cut' });
      await kit.work();
      await kit.store.db.updateTable('notification').set({ state: 'sending', next_at: null }).execute();
      const again = kit.restarted();
      const stopping = new AbortController();
      const running = again.run(stopping.signal);
      await expect.poll(() => kit.sent.length).toBe(1);
      stopping.abort();
      await running;
      expect(kit.heard()).toEqual(['anna@example.org opened a is down']);
    });

    test('secrets are in the database as the box closed them, and a change without them keeps them', async () => {
      const kit = await makeNotify(engine);
      const { channels } = kit.notify;
      const value = {
        kind: 'slack',
        name: 'Chat',
        isOn: true,
        settings: {},
        secrets: { url: 'https://hooks.example/s3cret' },
      };
      const made = await channels.create(BOOT, value);
      expect(made).toMatchObject({ secrets: ['url'], settings: {} });
      await channels.update(BOOT, made.id, { ...value, name: 'Chat 2', secrets: {} });
      expect((await channels.open(made.id)).secrets).toEqual({ url: 'https://hooks.example/s3cret' });
      const rows = await kit.store.db.selectFrom('notify_channel').select(['secrets', 'settings']).execute();
      expect(JSON.stringify(rows)).not.toContain('s3cret');
      await expect(channels.update(BOOT, made.id, { ...value, secrets: { url: null } })).rejects.toThrow(/missing/);
      await expect(channels.create(BOOT, { ...value, kind: 'fax' })).rejects.toThrow(/no kind/);
      await expect(channels.create(BOOT, value)).resolves.toBeDefined();
      await expect(channels.create(BOOT, value)).rejects.toMatchObject({ code: 'conflict' });
    });
  });
}

export function defineNotifyTests(engine: TestEngine): void {
  defineTellingTests(engine);
  defineClimbTests(engine);
  defineDeliveryTests(engine);
  defineNotifyHardTests(engine);
}
