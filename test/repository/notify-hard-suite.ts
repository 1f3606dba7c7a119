// Where telling goes wrong, on both engines: a channel that is full, a database that fails behind a send, a poisoned case, a window's end.
import { describe, expect, test, vi } from 'vitest';
import { EVERYTHING_SCOPE } from '#console/access/scope.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { FindingTale } from './alerts-kit.ts';
import { caller } from './estate.ts';
import { BOOT, makeNotify, type Notifying } from './notify-kit.ts';
import type { TestEngine } from './test-engine.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HOLD = 1_000;
const DEDUP = 5 * MINUTE;

const down = (device: DeviceId, at: number, more: object = {}) =>
  new FindingTale(device, at, { ...{ check: 'device.down', severity: 'critical', detail: 'no answer' }, ...more });

const MAIL = { host: 'mail.example.org', port: '587', security: 'starttls', from: 'rmm@example.org' };

async function outage(kit: Notifying, name: string): Promise<FindingTale> {
  const tale = down(await kit.device(name), kit.clock.now());
  await kit.tell([tale.first]);
  await kit.later(HOLD);
  return tale;
}

/** People of one channel, on one route. */
async function people(kit: Notifying, names: readonly string[], route: Record<string, unknown> = {}) {
  const contacts = [];
  for (const name of names) contacts.push(await kit.contact(name));
  const targets = contacts.map(({ id }) => ({ kind: 'contact', contact: id }));
  // A route names twenty at most.
  for (let from = 0; from < targets.length; from += 20)
    await kit.route(`R${from} ${names[0]}`, { targets: targets.slice(from, from + 20), ...route });
  return contacts;
}

function defineChannelTests(engine: TestEngine): void {
  describe(`channels in trouble on ${engine.name}`, () => {
    test('a channel that asks to be left alone keeps no other one from telling', async () => {
      const kit = await makeNotify(engine);
      const names = Array.from({ length: 80 }, (_, index) => `p${index}`);
      await people(kit, names);
      for (let nth = 0; nth < 4; nth += 1)
        kit.answers.push({ ok: false, isLasting: false, detail: '429', afterMs: HOUR });
      await outage(kit, 'a');
      // How many were on their way when the first answer came is the database's pace.
      kit.answers.splice(0);
      kit.heard();
      const other = await kit.notify.channels.create(BOOT, {
        ...{ kind: 'email', name: 'Other', isOn: true, settings: MAIL, secrets: {} },
      });
      await kit.route('Other', { targets: [{ kind: 'channel', channel: other.id, to: 'noc@example.org' }] });
      await outage(kit, 'b');
      expect(kit.heard()).toContain('noc@example.org opened b is down');
    });

    test('a message whose outcome could not be written down is told again, without a restart', async () => {
      const kit = await makeNotify(engine);
      await people(kit, ['anna']);
      const rename = (from: string, to: string) => kit.store.db.schema.alterTable(from).renameTo(to).execute();
      kit.onDeliver.push(() => rename('notification_attempt', 'away'));
      await outage(kit, 'a');
      await rename('away', 'notification_attempt');
      kit.heard();
      await kit.later(MINUTE);
      expect(kit.heard()).toEqual(['anna@example.org opened a is down']);
      const { items } = await kit.notify.log.list(EVERYTHING_SCOPE, { limit: 5 });
      expect(items.map(({ state }) => state)).toEqual(['sent']);
    });

    test('a case that cannot be looked at holds up nobody else, and is looked at again', async () => {
      const kit = await makeNotify(engine);
      await people(kit, ['anna'], { repeatMs: 30 * MINUTE });
      await outage(kit, 'a');
      await outage(kit, 'b');
      kit.heard();
      const [first] = await kit.incidents();
      const notice = kit.outbox.notice.bind(kit.outbox);
      const broken = vi.spyOn(kit.outbox, 'notice').mockImplementation((id) => {
        if (id === first?.id) throw new Error('broken');
        return notice(id);
      });
      await kit.later(31 * MINUTE);
      expect(kit.heard()).toEqual(['anna@example.org repeat b is down']);
      broken.mockRestore();
      await kit.later(2 * MINUTE);
      expect(kit.heard()).toEqual(['anna@example.org repeat a is down']);
    });

    test('a channel that is led elsewhere does not take its secrets along', async () => {
      const kit = await makeNotify(engine);
      const login = { ...MAIL, user: 'rmm' };
      const wish = { kind: 'email', name: 'Login', isOn: true, settings: login };
      const { id } = await kit.notify.channels.create(BOOT, { ...wish, secrets: { password: 'hunter22' } });
      const led = { ...wish, settings: { ...login, host: 'evil.example.net' }, secrets: {} };
      await expect(kit.notify.channels.update(BOOT, id, led)).rejects.toThrow(/Server.*Password/);
      expect((await kit.notify.channels.open(id)).secrets).toEqual({ password: 'hunter22' });
      await kit.notify.channels.update(BOOT, id, { ...led, secrets: { password: 'another1' } });
      expect((await kit.notify.channels.open(id)).secrets).toEqual({ password: 'another1' });
      // What leads nowhere else is changed without them.
      await kit.notify.channels.update(BOOT, id, { ...led, name: 'Renamed' });
    });
  });
}

function defineWordTests(engine: TestEngine): void {
  describe(`words that people need on ${engine.name}`, () => {
    test.each([
      ['a route that never repeats', 0, []],
      ['a route that repeats', 2 * HOUR, ['anna@example.org repeat a is down']],
    ])(
      'a snooze that ends over something that is still bad tells it again, once: %s',
      async (_what, repeatMs, later) => {
        const kit = await makeNotify(engine);
        await people(kit, ['anna'], { repeatMs });
        await outage(kit, 'a');
        kit.heard();
        const [incident] = (await kit.notify.log.list(EVERYTHING_SCOPE, { limit: 1 })).items;
        const wished = { incidents: incident?.incidentId ? [incident.incidentId] : [], alerts: [] };
        await kit.acts.snooze(BOOT, wished, 3 * HOUR);
        await kit.later(3 * HOUR - MINUTE);
        expect(kit.heard()).toEqual([]);
        await kit.later(MINUTE);
        expect(kit.heard()).toEqual(['anna@example.org repeat a is down']);
        await kit.later(HOUR);
        expect(kit.heard()).toEqual([]);
        await kit.later(HOUR + MINUTE);
        expect(kit.heard()).toEqual(later);
      },
    );

    test('a window that ends over something that was told before it is one fresh message, and none that says it is over', async () => {
      const kit = await makeNotify(engine);
      await people(kit, ['anna']);
      const muted = { muted: '01890000-0000-7000-80e0-000000000001' } as object;
      const tale = await outage(kit, 'a');
      await kit.tell([tale.next(kit.clock.now(), muted)]);
      await kit.later(HOUR);
      const device = tale.first.device;
      await kit.tell([tale.clear(kit.clock.now(), muted), down(device, kit.clock.now()).first]);
      await kit.later(HOLD);
      await kit.later(2 * DEDUP);
      expect(kit.heard()).toEqual(['anna@example.org opened a is down', 'anna@example.org opened a is down']);
    });

    test('who is given an incident is told once, by their own ways; who takes it for themselves is not', async () => {
      const kit = await makeNotify(engine);
      await people(kit, ['anna']);
      const person = { id: '01890000-0000-7000-80e0-0000000000aa', name: 'Ben' };
      await kit.contact('ben', { personId: person.id });
      await outage(kit, 'a');
      kit.heard();
      const [incident] = (await kit.notify.log.list(EVERYTHING_SCOPE, { limit: 1 })).items;
      const wished = { incidents: incident?.incidentId ? [incident.incidentId] : [], alerts: [] };
      await kit.acts.assign(BOOT, wished, person);
      await kit.later(MINUTE);
      expect(kit.sent[0]?.told).toMatchObject({ subject: expect.stringContaining('assigned to you: a is down') });
      expect(kit.heard()).toEqual(['ben@example.org assigned a is down']);
      await kit.acts.assign(BOOT, wished, null);
      const actor = { kind: 'person', id: person.id, name: 'Ben', via: 'token', grants: [] } as const;
      await kit.acts.assign({ ...caller, actor: { ...actor, steppedUpAt: null, mustEnrol: false } }, wished, person);
      await kit.acts.assign(BOOT, wished, { id: '01890000-0000-7000-80e0-0000000000bb', name: 'Cora' });
      await kit.later(HOUR);
      expect(kit.heard()).toEqual([]);
      if (incident?.incidentId) {
        const why = await kit.notify.log.why(EVERYTHING_SCOPE, incident.incidentId);
        expect(why.at(-1)?.code).toBe('no-contact');
      }
    });

    test('who is switched off meanwhile is not told that it is over', async () => {
      const kit = await makeNotify(engine);
      const [anna] = await people(kit, ['anna']);
      const tale = await outage(kit, 'a');
      kit.heard();
      if (anna === undefined) throw new Error('nobody is there');
      const { id, ...value } = anna;
      await kit.notify.contacts.update(BOOT, id, { ...value, isOn: false });
      await kit.tell([tale.clear(kit.clock.now())]);
      await kit.later(2 * DEDUP);
      expect(kit.heard()).toEqual([]);
    });

    test('the end of what flapped says how often it came and went', async () => {
      const kit = await makeNotify(engine);
      await people(kit, ['anna']);
      const device = await kit.device('a');
      for (let time = 0; time < 6; time += 1) {
        const tale = down(device, kit.clock.now());
        await kit.tell([tale.first]);
        await kit.later(MINUTE);
        await kit.tell([tale.clear(kit.clock.now())]);
        await kit.later(MINUTE);
      }
      await kit.later(15 * MINUTE);
      await kit.later(DEDUP);
      const [, digest] = kit.sent;
      expect(digest?.told.detail.split('\n')[0]).toBe('came and went 6 times in 11 min');
      expect(kit.heard()).toEqual(['anna@example.org opened a is down', 'anna@example.org resolved a is down']);
    });
  });
}

export function defineNotifyHardTests(engine: TestEngine): void {
  defineChannelTests(engine);
  defineWordTests(engine);
}
