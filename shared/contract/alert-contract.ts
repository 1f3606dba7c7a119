// Alerts and the incidents they make up: what is wrong, since when, because of what, and who looks after it.
import { z } from 'zod';
import { AlertId, CustomerId, DeviceId, IncidentId, RelayId, SiteId } from '#shared/base/id.ts';
import { ALERT_STATES, ALERT_TYPES, SEVERITIES } from '#shared/model/alert-words.ts';
import { operation, reads, writes } from './meta.ts';
import { Page, pageOf } from './paging.ts';
import { TimelineItem } from './timeline-item.ts';

const State = z.enum(ALERT_STATES);
const Severity = z.enum(SEVERITIES);

/** What an alert or an incident is about; all null: the console itself. */
const Place = z.object({
  customerId: CustomerId.nullable(),
  customerName: z.string().nullable(),
  siteId: SiteId.nullable(),
  siteName: z.string().nullable(),
  relayId: RelayId.nullable(),
  relayName: z.string().nullable(),
  deviceId: DeviceId.nullable(),
  deviceName: z.string().nullable(),
});

export const AlertSummary = Place.extend({
  id: AlertId,
  incidentId: IncidentId,
  state: State,
  severity: Severity,
  type: z.enum(ALERT_TYPES),
  check: z.string(),
  /** In words for people; the check's id where nobody knows it any more. */
  checkName: z.string(),
  /** Disk, interface, service ... of the device; "" is the device. Text of a device. */
  instance: z.string(),
  /** The evidence in plain words. Text of a device. */
  detail: z.string(),
  value: z.number().nullable(),
  limit: z.number().nullable(),
  unit: z.string().nullable(),
  /** When it began by the relay's clock, however late the console heard of it. */
  openedAt: z.int(),
  /** When the console heard of it. */
  receivedAt: z.int(),
  changedAt: z.int(),
  resolvedAt: z.int().nullable(),
  /** Who resolved it; null where the condition ceased by itself. */
  resolvedBy: z.string().nullable(),
  /** What showed that it is over. Text of a device. */
  evidence: z.string().nullable(),
  /** How often it was seen since it opened. */
  count: z.int(),
  flappingSince: z.int().nullable(),
  /** A maintenance window covers it: kept, and told to nobody. */
  isMuted: z.boolean(),
  /** The device that it depends on and that is down. */
  because: DeviceId.nullable(),
  /** The site's own relay told its on-call then. */
  toldAt: z.int().nullable(),
  /** It began the incident, or is what the others depend on. */
  isRoot: z.boolean(),
});
export type AlertSummary = z.infer<typeof AlertSummary>;

const Person = z.object({ id: z.string(), name: z.string() });

export const INCIDENT_CAUSES = ['device', 'relay', 'site', 'console'] as const;

export const IncidentSummary = Place.extend({
  id: IncidentId,
  title: z.string(),
  state: State,
  severity: Severity,
  /** Where the fault lies: in a device, a relay, the link of a site, or the console. */
  cause: z.enum(INCIDENT_CAUSES),
  openedAt: z.int(),
  receivedAt: z.int(),
  changedAt: z.int(),
  resolvedAt: z.int().nullable(),
  resolvedBy: z.string().nullable(),
  /** It was over before the console heard of it. */
  isPast: z.boolean(),
  isMuted: z.boolean(),
  flappingSince: z.int().nullable(),
  snoozedUntil: z.int().nullable(),
  assignee: Person.nullable(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: z.int().nullable(),
  toldAt: z.int().nullable(),
  /** Alerts in it, those of them that are not resolved, and devices they are of. */
  alerts: z.int(),
  openAlerts: z.int(),
  devices: z.int(),
});
export type IncidentSummary = z.infer<typeof IncidentSummary>;

export const ENTRY_KINDS = [
  'opened',
  'joined',
  'left',
  'severity',
  'reopened',
  'flapping',
  'steady',
  'muted',
  'unmuted',
  'cleared',
  'acknowledged',
  'snoozed',
  'woken',
  'assigned',
  'note',
  'resolved',
  'merged',
  'told',
] as const;

/** One line of what happened in an incident. */
export const IncidentEntry = z.object({
  seq: z.int(),
  at: z.int(),
  /** Later than `at` where a site was cut off. */
  receivedAt: z.int(),
  kind: z.enum(ENTRY_KINDS),
  alertId: AlertId.nullable(),
  /** Null: by itself. */
  by: z.string().nullable(),
  text: z.string(),
});
export type IncidentEntry = z.infer<typeof IncidentEntry>;

/** A series that shows what an alert speaks of: the reading's name and instance, and the span worth looking at. */
export const SeriesLink = z.object({
  alertId: AlertId,
  deviceId: DeviceId,
  name: z.string(),
  instance: z.string(),
  from: z.int(),
  to: z.int(),
});

/** Beyond, the list of alerts is asked with the incident's id. */
export const MAX_SHOWN_ALERTS = 200;

export const IncidentDetail = IncidentSummary.extend({
  /** What to do, in the words of the check that began it. */
  advice: z.string(),
  /** The root first, then the worst; those that may be seen. */
  children: z.array(AlertSummary),
  /** Devices that nobody can see because of it, such as those of a silent relay; no alert of their own. */
  unseenDevices: z.int(),
  timeline: z.array(IncidentEntry),
  series: z.array(SeriesLink),
  /** Inventory of the root's device that changed in the 24 h before, and orders on it since then; newest first. */
  before: z.array(TimelineItem),
});
export type IncidentDetail = z.infer<typeof IncidentDetail>;

/** `open`: triggered, active or acknowledged. */
const Which = z.enum([...ALERT_STATES, 'open', 'any']).default('open');

const Filter = Page.extend({
  state: Which,
  /** At least so bad. */
  severity: Severity.optional(),
  siteId: SiteId.optional(),
  deviceId: DeviceId.optional(),
  /** Those that a maintenance window covers are left out unless asked for. */
  muted: z.stringbool().default(false),
});

/** As many as a board shows on one page. */
const MAX_SUBJECTS = 200;

/** Whole incidents, or single alerts of them. */
export const Subjects = z.object({
  incidents: z.array(IncidentId).max(MAX_SUBJECTS).default([]),
  alerts: z.array(AlertId).max(MAX_SUBJECTS).default([]),
});
export type Subjects = z.infer<typeof Subjects>;

/** Of how many it is now as wished; those that are gone, not seen, or already so are passed over. */
const Done = z.object({ changed: z.int() });
const Note = z.string().trim().max(2_000);
const MAX_SNOOZE_MS = 30 * 86_400_000;

const act = (path: string, summary: string) =>
  operation
    .meta(writes('alert.write'))
    .route({ method: 'POST', path: `/incidents/${path}`, summary, tags: ['Incidents'] });

export const alertContract = {
  list: operation
    .meta(reads('alert.read'))
    .route({ method: 'GET', path: '/alerts', summary: 'List alerts, newest first', tags: ['Alerts'] })
    .input(
      Filter.extend({
        incidentId: IncidentId.optional(),
        check: z.string().max(160).optional(),
        type: z.enum(ALERT_TYPES).optional(),
      }),
    )
    .output(pageOf(AlertSummary)),
  show: operation
    .meta(reads('alert.read'))
    .route({ method: 'GET', path: '/alerts/{id}', summary: 'One alert', tags: ['Alerts'] })
    .input(z.object({ id: AlertId }))
    .output(AlertSummary),
};

export const incidentContract = {
  list: operation
    .meta(reads('alert.read'))
    .route({ method: 'GET', path: '/incidents', summary: 'List incidents, newest first', tags: ['Incidents'] })
    .input(Filter.extend({ assignee: z.string().max(64).optional() }))
    .output(pageOf(IncidentSummary)),
  counts: operation
    .meta(reads('alert.read'))
    .route({
      method: 'GET',
      path: '/incidents/counts',
      summary: 'How many incidents are open, by severity',
      tags: ['Incidents'],
    })
    .output(
      z.object({
        open: z.record(Severity, z.int()),
        /** Open ones that nobody has acknowledged. */
        unacknowledged: z.int(),
        muted: z.int(),
      }),
    ),
  show: operation
    .meta(reads('alert.read'))
    .route({
      method: 'GET',
      path: '/incidents/{id}',
      summary: 'One incident with its alerts, its timeline and what changed before',
      tags: ['Incidents'],
    })
    .input(z.object({ id: IncidentId }))
    .output(IncidentDetail),
  acknowledge: act('acknowledge', 'Say that one looks after it: nobody is told again while it stays as it is')
    .input(Subjects.extend({ note: Note.optional() }))
    .output(Done),
  resolve: act('resolve', 'Say that it is over')
    .input(Subjects.extend({ note: Note.optional() }))
    .output(Done),
  reopen: act('reopen', 'Say that it is not over')
    .input(Subjects.extend({ note: Note.optional() }))
    .output(Done),
  snooze: act('snooze', 'Be silent about it until then; absent: speak again')
    .input(
      Subjects.extend({
        /** For so long from now; worse severity wakes it before. */
        forMs: z.int().min(60_000).max(MAX_SNOOZE_MS).optional(),
      }),
    )
    .output(Done),
  assign: act('assign', 'Give it to somebody, or to nobody')
    .input(Subjects.extend({ assignee: z.string().max(64).nullable() }))
    .output(Done),
  note: act('note', 'Write something down')
    .input(Subjects.extend({ note: Note.min(1) }))
    .output(Done),
};
