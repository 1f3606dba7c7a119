// Made-up channels, contacts, routes, escalations, on-call and notifications in the shapes of the contract; what is written is kept.
import { ORPCError } from '@orpc/server';
import { ChannelId, ContactId, EscalationId, NotificationId, OnCallId, RouteId } from '#shared/base/id.ts';
import type { Channel, Contact, Notification, Route, Verdict } from '#shared/contract/notify-contract.ts';
import type { Escalation, OnCallSchedule } from '#shared/model/on-call.ts';
import type { Guarded } from './fixture-console.ts';
import { HOSTILE, siteId } from './fixture-fleet.ts';
import { incidentId } from './fixture-incidents.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const uuid = (kind: string, n: number) => `01890000-0000-7000-${kind}-${n.toString(16).padStart(12, '0')}`;
const channelId = (n: number) => ChannelId.parse(uuid('8300', n));
const contactId = (n: number) => ContactId.parse(uuid('8400', n));
const onCallId = OnCallId.parse(uuid('8500', 1));
const escalationId = EscalationId.parse(uuid('8600', 1));
const notificationId = (n: number) => NotificationId.parse(uuid('8700', n));

/** The link of the fixture's messages; another one holds no longer. */
export const ACK_TOKEN = 'A'.repeat(43);

const field = (
  name: string,
  label: string,
  kind: 'text' | 'url' | 'secret' | 'number' | 'choice' | 'template',
  more = {},
) => ({
  ...{ name, label, kind, help: '', isRequired: kind !== 'template' },
  ...more,
});
const KINDS = [
  {
    ...{ kind: 'smtp', label: 'Mail', summary: 'Mails by your own mail server.' },
    fields: [
      field('host', 'Server', 'text'),
      field('port', 'Port', 'number', { initial: '587' }),
      field('security', 'Security', 'choice', { choices: ['tls', 'starttls', 'none'], initial: 'starttls' }),
      field('password', 'Password', 'secret', { help: 'Kept sealed, never shown again.' }),
      field('subject', 'Subject', 'template'),
    ],
    to: { label: 'Address', example: 'ops@example.test' },
  },
  {
    ...{ kind: 'webhook', label: 'Webhook', summary: 'A signed request to any URL.', to: null },
    fields: [field('url', 'URL', 'url'), field('secret', 'Secret', 'secret')],
  },
];

const channels = (now: number): Channel[] => [
  {
    ...{ id: channelId(1), kind: 'smtp', name: 'Mail', isOn: true, settings: { host: 'mx.example.test', port: '587' } },
    ...{ secrets: ['password'], lastSentAt: now - 4 * MINUTE, lastFailedAt: null, failures: 0, lastError: null },
  },
  {
    ...{ id: channelId(2), kind: 'webhook', name: `Hook ${HOSTILE.script}`, isOn: true, settings: {} },
    ...{ secrets: [], lastSentAt: null, lastFailedAt: now - HOUR, failures: 3, lastError: '503 Service Unavailable' },
  },
];

const contact = (n: number, name: string, more: Partial<Contact> = {}): Contact => ({
  ...{ id: contactId(n), name, personId: null, isOn: true, flood: { messages: 10, withinMs: 10 * MINUTE } },
  ways: [{ channel: channelId(1), to: `${n}@example.test`, atLeast: 'info' }],
  ...more,
});
const contacts = (): Contact[] => [
  contact(1, 'Ada Lovelace'),
  contact(2, 'Bartholomäus Freiherr von und zu Langenscheidt-Schwarzenberg', { ways: [] }),
  contact(3, 'Night shift', { isOn: false }),
];

const routes = (): Route[] => [
  {
    ...{ id: RouteId.parse(uuid('8800', 1)), name: 'Bad ones', isOn: true, place: 10 },
    match: {
      ...{
        severities: ['critical', 'high'],
        types: [],
        customers: [],
        sites: [siteId(1)],
        tags: [],
        groups: [],
        checks: [],
      },
      isOutside: false,
    },
    targets: [{ kind: 'on-call', schedule: onCallId }],
    ...{ escalation: escalationId, delayMs: 2 * MINUTE, repeatMs: 30 * MINUTE, digestMs: 0 },
    ...{ tellsResolved: true, isLast: false },
  },
];

const escalations = (): Array<Escalation & { id: EscalationId }> => [
  {
    ...{ id: escalationId, name: 'Usual', holidays: [], anyTimeFrom: 'critical' },
    tiers: [15, 30, 60].map((minutes, n) => ({
      ...{ name: ['On call', 'Lead', 'Manager'][n] ?? '', afterMs: minutes * MINUTE },
      targets: [{ kind: 'contact' as const, contact: contactId(n + 1) }],
    })),
  },
];

const schedule = (now: number): OnCallSchedule => ({
  ...{ name: 'Nights', zone: 'Europe/Berlin' },
  rotations: [{ name: 'Weeks', people: [1, 2].map(contactId), startsAt: '2026-01-05T08:00', everyDays: 7 }],
  overrides: [{ from: now + DAY, until: now + 2 * DAY, contact: contactId(2) }],
  holidays: [],
});

function turns(from: number, until: number) {
  const first = Math.floor(from / (7 * DAY)) - 1;
  const people = contacts();
  return Array.from({ length: Math.ceil((until - from) / (7 * DAY)) + 2 }, (_, n) => {
    const one = people[(first + n) & 1];
    const begin = (first + n) * 7 * DAY + 4 * DAY + 8 * HOUR;
    const because = n === 3 ? 'override' : 'Weeks';
    return {
      contact: contactId(1 + ((first + n) & 1)),
      name: one?.name ?? '',
      from: begin,
      until: begin + 7 * DAY,
      because,
    };
  }).filter((turn) => turn.until > from && turn.from < until);
}

const notification = (n: number, now: number, more: Partial<Notification> = {}): Notification => ({
  ...{ id: notificationId(n), at: now - n * 7 * MINUTE, reason: 'opened', state: 'sent', incidentId: incidentId(1) },
  ...{ siteId: siteId(1), severity: 'critical', title: 'switch-berlin-2 is down', channelId: channelId(1) },
  ...{ channelName: 'Mail', channelKind: 'smtp', contactId: contactId(1), contactName: 'Ada Lovelace' },
  ...{ to: 'a…@example.test', routeId: null, attempts: 1, nextAt: null, sentAt: now - n * 7 * MINUTE, error: null },
  ...more,
});
const notifications = (now: number): Notification[] => [
  notification(1, now),
  notification(2, now, {
    reason: 'escalated',
    state: 'retrying',
    attempts: 3,
    nextAt: now + MINUTE,
    error: '429 Too Many Requests',
  }),
  notification(3, now, {
    state: 'dead',
    contactName: '',
    contactId: null,
    channelName: 'Hook',
    attempts: 9,
    error: `refused ${HOSTILE.script}`,
  }),
  notification(4, now, { reason: 'digest', state: 'held', severity: 'medium', title: '14 incidents', sentAt: null }),
];

const verdict = (code: string, text: string, at: number): Verdict => ({
  ...{ at, code, text, routeId: null, contactId: null, notificationId: null },
});
const verdicts = (now: number): Verdict[] => [
  verdict('route-fits', 'The route "Bad ones" takes it: critical, at Berlin.', now - 42 * MINUTE),
  verdict('sent', 'Ada Lovelace was told by Mail.', now - 40 * MINUTE),
  verdict('way-too-quiet', 'Night shift is told only of what is critical.', now - 40 * MINUTE),
  verdict('dead', 'Hook was given up after 9 attempts.', now - 9 * MINUTE),
];

const missing = (id: string) => new ORPCError('NOT_FOUND', { status: 404, message: `no such thing ${id}` });

/** A list that people change. */
class Kept<Row extends { id: string }> {
  #rows: Row[];
  #next = 100;
  constructor(rows: Row[]) {
    this.#rows = rows;
  }
  list = () => ({ items: this.#rows });
  add(make: (id: string) => Row): Row {
    this.#next += 1;
    const row = make(uuid('8900', this.#next));
    this.#rows = [...this.#rows, row];
    return row;
  }
  put(id: string, change: (row: Row) => Row): Row {
    const row = this.#rows.find((one) => one.id === id);
    if (row === undefined) throw missing(id);
    const next = change(row);
    this.#rows = this.#rows.map((one) => (one.id === id ? next : one));
    return next;
  }
  drop(id: string) {
    this.#rows = this.#rows.filter((one) => one.id !== id);
    return { removed: true as const };
  }
}

export function notifyRoutes(guarded: Guarded, now: () => number) {
  const kept = {
    channels: new Kept(channels(now())),
    contacts: new Kept(contacts()),
    routes: new Kept(routes()),
    escalations: new Kept(escalations()),
    onCall: new Kept([
      {
        id: onCallId,
        ...schedule(now()),
        now: { contact: contactId(1), name: 'Ada Lovelace', until: now() + 3 * DAY },
      },
    ]),
  };
  const { channels: ofChannels, contacts: ofContacts, routes: ofRoutes, escalations: ofEscalations } = guarded;
  return {
    channels: {
      list: ofChannels.list.handler(kept.channels.list),
      kinds: ofChannels.kinds.handler(() => ({ items: KINDS })),
      create: ofChannels.create.handler(({ input: { secrets, ...rest } }) =>
        kept.channels.add((id) => ({
          ...{ id: ChannelId.parse(id), ...rest, secrets: Object.keys(secrets) },
          ...{ lastSentAt: null, lastFailedAt: null, failures: 0, lastError: null },
        })),
      ),
      update: ofChannels.update.handler(({ input: { id, value } }) =>
        kept.channels.put(id, (row) => ({
          ...{ ...row, ...value },
          secrets: [...new Set([...row.secrets, ...Object.keys(value.secrets)])],
        })),
      ),
      remove: ofChannels.remove.handler(({ input }) => kept.channels.drop(input.id)),
      test: ofChannels.test.handler(({ input }) =>
        input.to === 'nobody@example.test'
          ? { ok: false, detail: '550 no such user', tookMs: 80 }
          : { ok: true, detail: '250 queued', tookMs: 120 },
      ),
    },
    contacts: {
      list: ofContacts.list.handler(kept.contacts.list),
      create: ofContacts.create.handler(({ input }) =>
        kept.contacts.add((id) => ({ id: ContactId.parse(id), ...input })),
      ),
      update: ofContacts.update.handler(({ input: { id, value } }) =>
        kept.contacts.put(id, (row) => ({ ...row, ...value })),
      ),
      remove: ofContacts.remove.handler(({ input }) => kept.contacts.drop(input.id)),
    },
    routes: {
      list: ofRoutes.list.handler(kept.routes.list),
      create: ofRoutes.create.handler(({ input }) => kept.routes.add((id) => ({ id: RouteId.parse(id), ...input }))),
      update: ofRoutes.update.handler(({ input: { id, value } }) =>
        kept.routes.put(id, (row) => ({ ...row, ...value })),
      ),
      remove: ofRoutes.remove.handler(({ input }) => kept.routes.drop(input.id)),
      explain: ofRoutes.explain.handler(() => ({ items: verdicts(now()).slice(0, 2) })),
    },
    escalations: {
      list: ofEscalations.list.handler(kept.escalations.list),
      create: ofEscalations.create.handler(({ input }) =>
        kept.escalations.add((id) => ({ id: EscalationId.parse(id), ...input })),
      ),
      update: ofEscalations.update.handler(({ input: { id, value } }) =>
        kept.escalations.put(id, (row) => ({ ...row, ...value })),
      ),
      remove: ofEscalations.remove.handler(({ input }) => kept.escalations.drop(input.id)),
    },
    ...onCallRoutes(guarded, kept.onCall),
    ...toldRoutes(guarded, now),
  };
}

function onCallRoutes(
  { onCall }: Guarded,
  kept: Kept<OnCallSchedule & { id: OnCallId; now: { contact: ContactId; name: string; until: number } | null }>,
) {
  return {
    onCall: {
      list: onCall.list.handler(kept.list),
      create: onCall.create.handler(({ input }) => kept.add((id) => ({ id: OnCallId.parse(id), ...input, now: null }))),
      update: onCall.update.handler(({ input: { id, value } }) => kept.put(id, (row) => ({ ...row, ...value }))),
      remove: onCall.remove.handler(({ input }) => kept.drop(input.id)),
      turns: onCall.turns.handler(({ input }) => ({ items: turns(input.from, input.until) })),
      calendar: onCall.calendar.handler(() => ({ text: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n' })),
    },
  };
}

function toldRoutes({ notifications: told, acknowledge }: Guarded, now: () => number) {
  let isTaken = false;
  const find = (id: string) => {
    const one = notifications(now()).find((row) => row.id === id);
    if (one === undefined) throw missing(id);
    return one;
  };
  const refuse = (token: string) => {
    if (token !== ACK_TOKEN) throw new ORPCError('NOT_FOUND', { status: 404, message: 'the link does not hold' });
  };
  return {
    notifications: {
      list: told.list.handler(({ input }) => ({
        items: notifications(now()).filter((one) => input.state === undefined || one.state === input.state),
        nextCursor: null,
      })),
      show: told.show.handler(({ input }) => ({
        ...find(input.id),
        text: 'switch-berlin-2 is down\n50 devices hang on it.',
        log: [{ at: now() - MINUTE, ok: false, detail: '429 Too Many Requests', tookMs: 80 }],
      })),
      why: told.why.handler(() => ({ items: verdicts(now()) })),
      retry: told.retry.handler(({ input }) => ({ ...find(input.id), state: 'retrying' as const })),
    },
    acknowledge: {
      show: acknowledge.show.handler(({ input }) => {
        refuse(input.token);
        return {
          ...{ title: 'switch-berlin-2 is down', siteName: 'Berlin', severity: 'critical', since: now() - HOUR },
          ...{ state: isTaken ? 'used' : 'open', contactName: 'Ada Lovelace' },
        };
      }),
      use: acknowledge.use.handler(({ input }) => {
        refuse(input.token);
        isTaken = true;
        return { acknowledged: true as const, title: 'switch-berlin-2 is down', contactName: 'Ada Lovelace' };
      }),
    },
  };
}
