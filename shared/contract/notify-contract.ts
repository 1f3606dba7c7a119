// Who is told of incidents and by which way: channels, contacts, routes, escalation, on-call, and the log of what was told.
import { z } from 'zod';
import {
  ChannelId,
  ContactId,
  CustomerId,
  EscalationId,
  GroupId,
  IncidentId,
  NotificationId,
  OnCallId,
  RouteId,
  SiteId,
} from '#shared/base/id.ts';
import { ALERT_TYPES, SEVERITIES } from '#shared/model/alert-words.ts';
import { Tag } from '#shared/model/device.ts';
import { WeeklyHours } from '#shared/model/grant.ts';
import { Escalation, OnCallSchedule, Target } from '#shared/model/on-call.ts';
import { endangers, operation, reads, writes } from './meta.ts';
import { Page, pageOf } from './paging.ts';

const DAY_MS = 86_400_000;
const Name = z.string().min(1).max(120);

/** A field of a channel's form: pages draw it from this, the console checks what comes back by it. */
export const ChannelField = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string(),
  /** A `secret` is written and never read again. */
  kind: z.enum(['text', 'url', 'secret', 'number', 'choice', 'template']),
  isRequired: z.boolean(),
  choices: z.array(z.string()).optional(),
  initial: z.string().optional(),
});
export type ChannelField = z.infer<typeof ChannelField>;

export const ChannelKind = z.object({
  kind: z.string(),
  label: z.string(),
  summary: z.string(),
  fields: z.array(ChannelField),
  /** What a target of it is called by: an address, a number; null where the channel itself is the place. */
  to: z.object({ label: z.string(), example: z.string() }).nullable(),
});
export type ChannelKind = z.infer<typeof ChannelKind>;

const Settings = z.record(z.string().max(40), z.string().max(8_000)).refine((some) => Object.keys(some).length <= 30);

export const NewChannel = z.strictObject({
  kind: z.string().max(40),
  name: Name,
  isOn: z.boolean().default(true),
  settings: Settings.default({}),
  /** Only those that are new; `null` takes one away. */
  secrets: z.record(z.string().max(40), z.string().max(8_000).nullable()).default({}),
});
export const Channel = z.object({
  id: ChannelId,
  kind: z.string(),
  name: Name,
  isOn: z.boolean(),
  settings: Settings,
  /** Names of the secrets that are set. */
  secrets: z.array(z.string()),
  lastSentAt: z.int().nullable(),
  lastFailedAt: z.int().nullable(),
  /** Since it last went well. */
  failures: z.int(),
  lastError: z.string().nullable(),
});
export type Channel = z.infer<typeof Channel>;

/** Of messages to one contact, or to one place of a channel: what is beyond waits and comes as one digest. */
export const Flood = z.strictObject({
  messages: z.int().min(1).max(1_000),
  withinMs: z.int().min(60_000).max(DAY_MS),
});
export type Flood = z.infer<typeof Flood>;
/** Ten messages within ten minutes are more than anybody reads. */
export const USUAL_FLOOD: Flood = { messages: 10, withinMs: 600_000 };

export const NewContact = z.strictObject({
  name: Name,
  /** The person of this console that it is; an acknowledgement by their link is theirs. */
  personId: z.uuid().nullable().default(null),
  isOn: z.boolean().default(true),
  ways: z
    .array(
      z.strictObject({
        channel: ChannelId,
        to: z.string().max(320).default(''),
        /** Only as bad as this or worse. */
        atLeast: z.enum(SEVERITIES).default('info'),
      }),
    )
    .max(10),
  flood: Flood.default(USUAL_FLOOD),
});
export const Contact = NewContact.extend({ id: ContactId });
export type Contact = z.infer<typeof Contact>;

/** All that are given must fit; an empty list fits everything. */
export const RouteMatch = z.strictObject({
  severities: z.array(z.enum(SEVERITIES)).max(5).default([]),
  types: z.array(z.enum(ALERT_TYPES)).max(7).default([]),
  customers: z.array(CustomerId).max(500).default([]),
  sites: z.array(SiteId).max(2_000).default([]),
  /** Of the device that the incident is about. */
  tags: z.array(Tag).max(100).default([]),
  /** One of these holds that device, by hand or by its rule. */
  groups: z.array(GroupId).max(200).default([]),
  /** Names of checks; `*` stands for any letters. */
  checks: z.array(z.string().min(1).max(100)).max(100).default([]),
  hours: WeeklyHours.optional(),
  /** Only outside of `hours`. */
  isOutside: z.boolean().default(false),
});
export type RouteMatch = z.infer<typeof RouteMatch>;

export const NewRoute = z.strictObject({
  name: Name,
  isOn: z.boolean().default(true),
  /** Routes are asked in the order of their places. */
  place: z.int().min(0).max(10_000),
  match: RouteMatch.prefault({}),
  targets: z.array(Target).max(20),
  escalation: EscalationId.nullable().default(null),
  /** What is over before then is told to nobody. */
  delayMs: z.int().min(0).max(DAY_MS).default(0),
  /** Told again while nobody has taken it; 0: never. */
  repeatMs: z
    .int()
    .min(0)
    .max(7 * DAY_MS)
    .default(0),
  tellsResolved: z.boolean().default(true),
  /** Gathered and told as one every so long; 0: each by itself. */
  digestMs: z.int().min(0).max(DAY_MS).default(0),
  /** No route behind it is asked when this one fits. */
  isLast: z.boolean().default(false),
});
export const Route = NewRoute.extend({ id: RouteId });
export type Route = z.infer<typeof Route>;

export const EscalationSummary = Escalation.extend({ id: EscalationId });
export type EscalationSummary = z.infer<typeof EscalationSummary>;
export const OnCallSummary = OnCallSchedule.extend({
  id: OnCallId,
  /** Whoever has it now, and until when. */
  now: z.object({ contact: ContactId, name: z.string(), until: z.int().nullable() }).nullable(),
});
export type OnCallSummary = z.infer<typeof OnCallSummary>;

export const OnCallTurn = z.object({
  contact: ContactId,
  name: z.string(),
  from: z.int(),
  until: z.int(),
  /** A rotation's name, "override" or "holiday". */
  because: z.string(),
});
export type OnCallTurn = z.infer<typeof OnCallTurn>;

/** `flapping`: it came and went, and does so for hours or lasts now. `past`: it began and ended before the console knew. `assigned`: somebody gave it to you. */
export const NOTIFICATION_REASONS = [
  'opened',
  'worse',
  'repeat',
  'escalated',
  'flapping',
  'assigned',
  'resolved',
  'past',
  'digest',
  'test',
] as const;
/** `held`: the flood guard or a digest has it. `dead`: given up. `dropped`: no longer worth telling when its time came. */
export const NOTIFICATION_STATES = ['waiting', 'held', 'sending', 'retrying', 'sent', 'dead', 'dropped'] as const;

export const Notification = z.object({
  id: NotificationId,
  at: z.int(),
  reason: z.enum(NOTIFICATION_REASONS),
  state: z.enum(NOTIFICATION_STATES),
  incidentId: IncidentId.nullable(),
  siteId: SiteId.nullable(),
  severity: z.enum(SEVERITIES),
  title: z.string(),
  channelId: ChannelId.nullable(),
  channelName: z.string(),
  channelKind: z.string(),
  contactId: ContactId.nullable(),
  contactName: z.string(),
  /** Shortened where it is nobody else's to read. */
  to: z.string(),
  routeId: RouteId.nullable(),
  attempts: z.int(),
  /** When it is tried or told next; null when it is over. */
  nextAt: z.int().nullable(),
  sentAt: z.int().nullable(),
  error: z.string().nullable(),
});
export type Notification = z.infer<typeof Notification>;

export const NotificationDetail = Notification.extend({
  text: z.string(),
  /** Each attempt, oldest first. */
  log: z.array(z.object({ at: z.int(), ok: z.boolean(), detail: z.string(), tookMs: z.int() })),
});
export type NotificationDetail = z.infer<typeof NotificationDetail>;

/** One step of the way from an incident to a person, or of why it ended. */
export const Verdict = z.object({
  at: z.int(),
  /** "route-fits", "route-passes", "muted", "told-by-relay", "flood", "way-too-quiet", "off", "sent", "dead" ... */
  code: z.string(),
  /** One sentence. */
  text: z.string(),
  routeId: RouteId.nullable(),
  contactId: ContactId.nullable(),
  notificationId: NotificationId.nullable(),
});
export type Verdict = z.infer<typeof Verdict>;

const tags = ['Notifications'];
const removed = z.object({ removed: z.literal(true) });

/** List, make, change, remove: the same for all that is set up by hand. */
function kept<K extends z.core.$ZodBranded<z.ZodUUID, string>, N extends z.ZodObject, O extends z.ZodType>(
  word: { path: `/${string}`; one: string; many: string },
  { id, input, output }: { id: K; input: N; output: O },
) {
  const one: `/${string}` = `${word.path}/{id}`;
  return {
    list: operation
      .meta(reads('notify.read'))
      .route({ method: 'GET', path: word.path, summary: `List ${word.many}`, tags })
      .output(z.object({ items: z.array(output) })),
    create: operation
      .meta(writes('notify.write'))
      .route({ method: 'POST', path: word.path, summary: `Make ${word.one}`, successStatus: 201, tags })
      .input(input)
      .output(output),
    update: operation
      .meta(writes('notify.write'))
      .route({ method: 'PUT', path: one, summary: `Change ${word.one}: all of it is given`, tags })
      .input(z.object({ id, value: input }))
      .output(output),
    remove: operation
      .meta(endangers('notify.write'))
      .route({ method: 'DELETE', path: one, summary: `Remove ${word.one}`, tags })
      .input(z.object({ id }))
      .output(removed),
  };
}

export const channelContract = {
  ...kept(
    { path: '/channels', one: 'a channel', many: 'channels' },
    { id: ChannelId, input: NewChannel, output: Channel },
  ),
  kinds: operation
    .meta(reads('notify.read'))
    .route({ method: 'GET', path: '/channel-kinds', summary: 'The kinds of channels with their fields', tags })
    .output(z.object({ items: z.array(ChannelKind) })),
  test: operation
    .meta(writes('notify.write'))
    .route({ method: 'POST', path: '/channels/{id}/test', summary: 'Send a test by a channel, at once', tags })
    .input(z.object({ id: ChannelId, to: z.string().max(320).default('') }))
    .output(z.object({ ok: z.boolean(), detail: z.string(), tookMs: z.int() })),
};
export const contactContract = kept(
  { path: '/contacts', one: 'a contact', many: 'contacts' },
  { id: ContactId, input: NewContact, output: Contact },
);
export const routeContract = {
  ...kept({ path: '/routes', one: 'a route', many: 'routes' }, { id: RouteId, input: NewRoute, output: Route }),
  /** What would become of an incident like this, told to nobody. */
  explain: operation
    .meta(reads('notify.read'))
    .route({ method: 'POST', path: '/routes/explain', summary: 'Whom an incident like this would be told', tags })
    .input(
      z.object({
        siteId: SiteId,
        severity: z.enum(SEVERITIES),
        type: z.enum(ALERT_TYPES).default('availability'),
        check: z.string().max(100).default('device.down'),
        tags: z.array(Tag).max(100).default([]),
        groups: z.array(GroupId).max(200).default([]),
        at: z.int().optional(),
      }),
    )
    .output(z.object({ items: z.array(Verdict) })),
};
export const escalationContract = kept(
  { path: '/escalations', one: 'an escalation', many: 'escalations' },
  { id: EscalationId, input: Escalation, output: EscalationSummary },
);
export const onCallContract = {
  ...kept(
    { path: '/on-call', one: 'an on-call schedule', many: 'on-call schedules' },
    { id: OnCallId, input: OnCallSchedule, output: OnCallSummary },
  ),
  turns: operation
    .meta(reads('notify.read'))
    .route({ method: 'GET', path: '/on-call/{id}/turns', summary: 'Who has it when, over at most 100 days', tags })
    .input(z.object({ id: OnCallId, from: z.coerce.number().int(), until: z.coerce.number().int() }))
    .output(z.object({ items: z.array(OnCallTurn) })),
  calendar: operation
    .meta(reads('notify.read'))
    .route({ method: 'GET', path: '/on-call/{id}/calendar', summary: 'The same as iCalendar, for 90 days', tags })
    .input(z.object({ id: OnCallId, contact: ContactId.optional() }))
    .output(z.object({ text: z.string() })),
};
export const notificationContract = {
  list: operation
    .meta(reads('notification.read'))
    .route({ method: 'GET', path: '/notifications', summary: 'What was told, newest first', tags })
    .input(
      Page.extend({
        incidentId: IncidentId.optional(),
        contactId: ContactId.optional(),
        channelId: ChannelId.optional(),
        state: z.enum(NOTIFICATION_STATES).optional(),
      }),
    )
    .output(pageOf(Notification)),
  show: operation
    .meta(reads('notification.read'))
    .route({ method: 'GET', path: '/notifications/{id}', summary: 'One notification with its attempts', tags })
    .input(z.object({ id: NotificationId }))
    .output(NotificationDetail),
  why: operation
    .meta(reads('notification.read'))
    .route({ method: 'GET', path: '/notifications/why', summary: 'Why somebody was told of an incident, or not', tags })
    .input(z.object({ incidentId: IncidentId, contactId: ContactId.optional() }))
    .output(z.object({ items: z.array(Verdict) })),
  retry: operation
    .meta(writes('notification.retry'))
    .route({ method: 'POST', path: '/notifications/{id}/retry', summary: 'Try one again that was given up', tags })
    .input(z.object({ id: NotificationId }))
    .output(Notification),
};

/** Of a message: the bearer may take this one incident, once, and do nothing else. */
const AckToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
export const ackContract = {
  show: operation
    .meta(reads('public'))
    .route({ method: 'POST', path: '/acknowledge/show', summary: 'What a link of a message is for', tags })
    .input(z.object({ token: AckToken }))
    .output(
      z.object({
        title: z.string(),
        siteName: z.string(),
        severity: z.enum(SEVERITIES),
        since: z.int(),
        /** `used` and `over` need nothing done. */
        state: z.enum(['open', 'used', 'taken', 'over', 'expired']),
        contactName: z.string(),
      }),
    ),
  use: operation
    .meta(writes('public'))
    .route({ method: 'POST', path: '/acknowledge', summary: 'Take the incident of a link, once', tags })
    .input(z.object({ token: AckToken }))
    .output(z.object({ acknowledged: z.literal(true), title: z.string(), contactName: z.string() })),
};
