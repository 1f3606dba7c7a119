// Good inputs for who is told of incidents. Incidents and messages come of findings alone, so they are written into the database as if.
import { createHash } from 'node:crypto';
import path from 'node:path';
import Database from 'better-sqlite3';
import { systemClock } from '#shared/base/clock.ts';
import { ContactId, IncidentId, NotificationId, newId } from '#shared/base/id.ts';
import type { Input, World } from './good-inputs.ts';

const name = (world: World) => `told ${world.next()}`;
const hour = 3_600_000;

function written<T>({ estate }: World, write: (database: Database.Database) => T): T {
  const database = new Database(path.join(estate.data, 'console.db'), { timeout: 10_000 });
  try {
    return write(database);
  } finally {
    database.close();
  }
}

/** An open one of the relay's site. */
function newIncident(world: World): IncidentId {
  return newTrouble(world).incident;
}

/** Each alert with an instance of its own: of one subject, check and instance the console has one open alert at most. */
function newTrouble(world: World): { incident: IncidentId; alert: string } {
  const now = systemClock.now();
  const id = IncidentId.parse(newId(now));
  const alert = newId(now);
  written(world, (database) => {
    database
      .prepare(`insert into incident (id, site_id, cause, title, state, severity, severity_rank, root_alert_id, opened_at,
        received_at, changed_at, is_past, is_muted, is_told) values (?, ?, 'site', 'as if', 'active', 'high', 1, ?, ?, ?, ?, 0, 0, 1)`)
      .run(id, world.relay.site, alert, now, now, now);
    database
      .prepare(`insert into alert (id, incident_id, site_id, subject, check_id, instance, type, state, severity, detail, opened_at,
        received_at, changed_at, is_failing, count, openings, is_muted) values (?, ?, ?, ?, 'site.silent', ?, 'availability',
        'active', 'high', 'as if', ?, ?, ?, 1, 1, '[]', 0)`)
      .run(alert, id, world.relay.site, `site:${world.relay.site}`, alert, now, now, now);
  });
  return { incident: id, alert };
}

const token = (id: string): string => createHash('sha256').update(`a link of ${id}`).digest('base64url');

/** Of an incident of its own, over or given up, with a link. */
async function newNotification(world: World, state: 'sent' | 'dead'): Promise<{ id: NotificationId; token: string }> {
  const channel = await newChannel(world);
  const incident = newIncident(world);
  const now = systemClock.now();
  const id = NotificationId.parse(newId(now));
  const message = {
    ...{
      reason: 'opened',
      severity: 'high',
      title: 'as if',
      detail: '',
      site: '',
      customer: '',
      device: '',
      check: '',
    },
    ...{ since: now, until: null, zone: 'UTC', children: 0, incident },
  };
  const hash = createHash('sha256').update(token(id)).digest('hex');
  written(world, (database) =>
    database
      .prepare(`insert into notification (id, at, reason, state, incident_id, site_id, severity, title, body, channel_id,
        channel_name, channel_kind, contact_name, address, recipient, attempts, ack_hash)
        values (?, ?, 'opened', ?, ?, ?, 'high', 'as if', ?, ?, 'as if', 'webhook', '', '', 'as if', 1, ?)`)
      .run(id, now, state, incident, world.relay.site, JSON.stringify(message), channel, hash),
  );
  return { id, token: token(id) };
}

/** Leads to an address that nobody may be sent to: nothing leaves the machine. */
const channel = (world: World) => ({
  ...{ kind: 'webhook', name: name(world), isOn: false },
  settings: { url: 'https://192.0.2.1/hook' },
});
const newChannel = async (world: World) => (await world.api.channels.create(channel(world))).id;
const contact = async (world: World) => ({ name: name(world), ways: [{ channel: await newChannel(world) }] });
const newContact = async (world: World) => (await world.api.contacts.create(await contact(world))).id;
const route = async (world: World) => ({
  ...{ name: name(world), place: 1, isOn: false },
  targets: [{ kind: 'contact' as const, contact: await newContact(world) }],
});
const newRoute = async (world: World) => (await world.api.routes.create(await route(world))).id;
const escalation = async (world: World) => ({
  name: name(world),
  tiers: [{ name: 'first', afterMs: hour, targets: [{ kind: 'contact' as const, contact: await newContact(world) }] }],
});
const newEscalation = async (world: World) => (await world.api.escalations.create(await escalation(world))).id;
const schedule = (world: World) => ({
  ...{ name: name(world), zone: 'Europe/Berlin' },
  rotations: [{ name: 'week', people: [ContactId.parse(newId(1))], startsAt: '2026-01-05T08:00', everyDays: 7 }],
});
const newSchedule = async (world: World) => (await world.api.onCall.create(schedule(world))).id;

const someIncident = (world: World) => ({ incidents: [newIncident(world)] });
const nothing = () => ({});

export const NOTIFY_INPUTS: Readonly<Record<string, (world: World) => Input | Promise<Input>>> = {
  'channels.list': nothing,
  'channels.kinds': nothing,
  'channels.create': channel,
  'channels.update': async (world) => ({ id: await newChannel(world), value: channel(world) }),
  'channels.remove': async (world) => ({ id: await newChannel(world) }),
  'channels.test': async (world) => ({ id: await newChannel(world) }),
  'contacts.list': nothing,
  'contacts.create': contact,
  'contacts.update': async (world) => ({ id: await newContact(world), value: await contact(world) }),
  'contacts.remove': async (world) => ({ id: await newContact(world) }),
  'routes.list': nothing,
  'routes.create': route,
  'routes.update': async (world) => ({ id: await newRoute(world), value: await route(world) }),
  'routes.remove': async (world) => ({ id: await newRoute(world) }),
  'routes.explain': ({ relay }) => ({ siteId: relay.site, severity: 'high' }),
  'escalations.list': nothing,
  'escalations.create': escalation,
  'escalations.update': async (world) => ({ id: await newEscalation(world), value: await escalation(world) }),
  'escalations.remove': async (world) => ({ id: await newEscalation(world) }),
  'onCall.list': nothing,
  'onCall.create': schedule,
  'onCall.update': async (world) => ({ id: await newSchedule(world), value: schedule(world) }),
  'onCall.remove': async (world) => ({ id: await newSchedule(world) }),
  'onCall.turns': async (world) => ({
    id: await newSchedule(world),
    from: 1_800_000_000_000,
    until: 1_800_100_000_000,
  }),
  'onCall.calendar': async (world) => ({ id: await newSchedule(world) }),
  'alerts.list': nothing,
  'alerts.show': (world) => ({ id: newTrouble(world).alert }),
  'incidents.list': nothing,
  'incidents.counts': nothing,
  'incidents.show': (world) => ({ id: newIncident(world) }),
  'incidents.acknowledge': someIncident,
  'incidents.resolve': someIncident,
  'incidents.reopen': someIncident,
  'incidents.snooze': (world) => ({ ...someIncident(world), forMs: hour }),
  'incidents.assign': (world) => ({ ...someIncident(world), assignee: null }),
  'incidents.note': (world) => ({ ...someIncident(world), note: 'as if' }),
  'notifications.list': () => ({ limit: 5 }),
  'notifications.show': async (world) => ({ id: (await newNotification(world, 'sent')).id }),
  'notifications.why': (world) => ({ incidentId: newIncident(world) }),
  'notifications.retry': async (world) => ({ id: (await newNotification(world, 'dead')).id }),
  'acknowledge.show': async (world) => ({ token: (await newNotification(world, 'sent')).token }),
  'acknowledge.use': async (world) => ({ token: (await newNotification(world, 'sent')).token }),
};
