// Alerts and incidents as people read them: with the names of what they are about, within what one may see.
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { deviceInScope, type Scope, seesEverything } from '#console/access/scope.ts';
import { type PageOf, type PageRequest, pageFrom, readCursor, TimeKey } from '#console/store/cursor.ts';
import type { Db } from '#console/store/engine.ts';
import { AlertId, CustomerId, DeviceId, IncidentId, RelayId, SiteId } from '#shared/base/id.ts';
import { type AlertState, type AlertType, SEVERITIES, type Severity, severityRank } from '#shared/model/alert-words.ts';
import { CauseWord, EntryKind, SeverityWord, StateWord, TypeWord } from './stored-words.ts';

export interface ShownFilter {
  /** `open`: triggered, active or acknowledged. */
  state: AlertState | 'open' | 'any';
  /** At least so bad. */
  severity?: Severity | undefined;
  siteId?: SiteId | undefined;
  deviceId?: DeviceId | undefined;
  /** Those that a window covers too. */
  muted: boolean;
}

export interface AlertFilter extends ShownFilter {
  incidentId?: IncidentId | undefined;
  check?: string | undefined;
  type?: AlertType | undefined;
}

const OPEN: readonly AlertState[] = ['triggered', 'active', 'acknowledged'];
const statesOf = (state: ShownFilter['state']): readonly AlertState[] =>
  state === 'open' ? OPEN : state === 'any' ? [] : [state];
const asBad = (severity: Severity): readonly Severity[] => SEVERITIES.slice(0, severityRank(severity) + 1);

/** What is of the console itself is for who sees everything. */
const seen = (scope: Scope, table: 'alert' | 'incident'): RawBuilder<SqlBool> =>
  seesEverything(scope) ? sql<SqlBool>`1 = 1` : deviceInScope(scope, `${table}.site_id`, `${table}.device_id`);

const orNull = <T>(schema: { parse(value: unknown): T }, value: string | null): T | null =>
  value === null ? null : schema.parse(value);

const PLACE = [
  'site.customer_id',
  'customer.name as customer_name',
  'site.name as site_name',
  'relay.name as relay_name',
  'device.name as device_name',
] as const;

interface PlaceColumns {
  customer_id: string | null;
  customer_name: string | null;
  site_id: string | null;
  site_name: string | null;
  relay_id: string | null;
  relay_name: string | null;
  device_id: string | null;
  device_name: string | null;
}

const placeFrom = (row: PlaceColumns) => ({
  customerId: orNull(CustomerId, row.customer_id),
  customerName: row.customer_name,
  siteId: orNull(SiteId, row.site_id),
  siteName: row.site_name,
  relayId: orNull(RelayId, row.relay_id),
  relayName: row.relay_name,
  deviceId: orNull(DeviceId, row.device_id),
  deviceName: row.device_name,
});

const alertQuery = (db: Db, scope: Scope) =>
  db
    .selectFrom('alert')
    .innerJoin('incident', 'incident.id', 'alert.incident_id')
    .leftJoin('site', 'site.id', 'alert.site_id')
    .leftJoin('customer', 'customer.id', 'site.customer_id')
    .leftJoin('relay', 'relay.id', 'alert.relay_id')
    .leftJoin('device', 'device.id', 'alert.device_id')
    .select(PLACE)
    .select(['alert.id', 'alert.incident_id', 'alert.site_id', 'alert.relay_id', 'alert.device_id', 'alert.check_id'])
    .select(['alert.instance', 'alert.type', 'alert.state', 'alert.severity', 'alert.detail', 'alert.value'])
    .select(['alert.limit_value', 'alert.unit', 'alert.opened_at', 'alert.received_at', 'alert.changed_at'])
    .select(['alert.resolved_at', 'alert.resolved_by', 'alert.evidence', 'alert.count', 'alert.flapping_since'])
    .select(['alert.is_muted', 'alert.because_id', 'alert.told_at', 'incident.root_alert_id'])
    .where(seen(scope, 'alert'));

type AlertColumns = Awaited<ReturnType<ReturnType<typeof alertQuery>['executeTakeFirstOrThrow']>>;

const toShownAlert = (row: AlertColumns) => ({
  ...placeFrom(row),
  id: AlertId.parse(row.id),
  incidentId: IncidentId.parse(row.incident_id),
  check: row.check_id,
  instance: row.instance,
  type: TypeWord.parse(row.type),
  state: StateWord.parse(row.state),
  severity: SeverityWord.parse(row.severity),
  detail: row.detail,
  value: row.value,
  limit: row.limit_value,
  unit: row.unit,
  openedAt: row.opened_at,
  receivedAt: row.received_at,
  changedAt: row.changed_at,
  resolvedAt: row.resolved_at,
  resolvedBy: row.resolved_by,
  evidence: row.evidence,
  count: row.count,
  flappingSince: row.flapping_since,
  isMuted: row.is_muted === 1,
  because: orNull(DeviceId, row.because_id),
  toldAt: row.told_at,
  isRoot: row.root_alert_id === row.id,
});
export type ShownAlert = ReturnType<typeof toShownAlert>;

/** By when they began, newest first. */
export async function listAlerts(
  db: Db,
  scope: Scope,
  filter: AlertFilter,
  page: PageRequest,
): Promise<PageOf<ShownAlert>> {
  const after = readCursor(page.cursor, TimeKey);
  let query = alertQuery(db, scope)
    .orderBy('alert.opened_at', 'desc')
    .orderBy('alert.id', 'desc')
    .limit(page.limit + 1);
  const states = statesOf(filter.state);
  if (states.length > 0) query = query.where('alert.state', 'in', states);
  if (filter.severity !== undefined) query = query.where('alert.severity', 'in', asBad(filter.severity));
  if (filter.siteId !== undefined) query = query.where('alert.site_id', '=', filter.siteId);
  if (filter.deviceId !== undefined) query = query.where('alert.device_id', '=', filter.deviceId);
  if (!filter.muted) query = query.where('alert.is_muted', '=', 0);
  if (filter.incidentId !== undefined) query = query.where('alert.incident_id', '=', filter.incidentId);
  if (filter.check !== undefined) query = query.where('alert.check_id', '=', filter.check);
  if (filter.type !== undefined) query = query.where('alert.type', '=', filter.type);
  if (after !== undefined) query = query.where(sql<SqlBool>`(alert.opened_at, alert.id) < (${after[0]}, ${after[1]})`);
  return pageFrom(await query.execute(), page.limit, toShownAlert, (row) => [row.opened_at, row.id]);
}

export async function findAlert(db: Db, scope: Scope, id: AlertId): Promise<ShownAlert | undefined> {
  const row = await alertQuery(db, scope).where('alert.id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toShownAlert(row);
}

const incidentQuery = (db: Db, scope: Scope) =>
  db
    .selectFrom('incident')
    .leftJoin('site', 'site.id', 'incident.site_id')
    .leftJoin('customer', 'customer.id', 'site.customer_id')
    .leftJoin('relay', 'relay.id', 'incident.relay_id')
    .leftJoin('device', 'device.id', 'incident.device_id')
    .select(PLACE)
    .select(['incident.id', 'incident.site_id', 'incident.relay_id', 'incident.device_id', 'incident.cause'])
    .select(['incident.title', 'incident.state', 'incident.severity', 'incident.opened_at', 'incident.received_at'])
    .select(['incident.changed_at', 'incident.resolved_at', 'incident.resolved_by', 'incident.is_past'])
    .select(['incident.is_muted', 'incident.flapping_since', 'incident.snoozed_until', 'incident.assignee_id'])
    .select(['incident.acknowledged_by', 'incident.acknowledged_at', 'incident.told_at', 'incident.root_alert_id'])
    .where(seen(scope, 'incident'));

type IncidentColumns = Awaited<ReturnType<ReturnType<typeof incidentQuery>['executeTakeFirstOrThrow']>>;

const toShownIncident = (row: IncidentColumns) => ({
  ...placeFrom(row),
  id: IncidentId.parse(row.id),
  title: row.title,
  state: StateWord.parse(row.state),
  severity: SeverityWord.parse(row.severity),
  cause: CauseWord.parse(row.cause),
  openedAt: row.opened_at,
  receivedAt: row.received_at,
  changedAt: row.changed_at,
  resolvedAt: row.resolved_at,
  resolvedBy: row.resolved_by,
  isPast: row.is_past === 1,
  isMuted: row.is_muted === 1,
  flappingSince: row.flapping_since,
  snoozedUntil: row.snoozed_until,
  assignee: row.assignee_id,
  acknowledgedBy: row.acknowledged_by,
  acknowledgedAt: row.acknowledged_at,
  toldAt: row.told_at,
  root: orNull(AlertId, row.root_alert_id),
});
export type ShownIncident = ReturnType<typeof toShownIncident>;

/** By when they began, newest first; those that turned out to be a part of another are not shown beside it. */
export async function listIncidents(
  db: Db,
  scope: Scope,
  filter: ShownFilter & { assignee?: string | undefined },
  page: PageRequest,
): Promise<PageOf<ShownIncident>> {
  const after = readCursor(page.cursor, TimeKey);
  let query = incidentQuery(db, scope)
    .where('incident.merged_into', 'is', null)
    .orderBy('incident.opened_at', 'desc')
    .orderBy('incident.id', 'desc')
    .limit(page.limit + 1);
  const states = statesOf(filter.state);
  if (states.length > 0) query = query.where('incident.state', 'in', states);
  if (filter.severity !== undefined) query = query.where('incident.severity_rank', '<=', severityRank(filter.severity));
  if (filter.siteId !== undefined) query = query.where('incident.site_id', '=', filter.siteId);
  if (filter.deviceId !== undefined) query = query.where(involves(filter.deviceId));
  if (!filter.muted) query = query.where('incident.is_muted', '=', 0);
  if (filter.assignee !== undefined) query = query.where('incident.assignee_id', '=', filter.assignee);
  if (after !== undefined)
    query = query.where(sql<SqlBool>`(incident.opened_at, incident.id) < (${after[0]}, ${after[1]})`);
  return pageFrom(await query.execute(), page.limit, toShownIncident, (row) => [row.opened_at, row.id]);
}

/** One of its alerts is of the device. */
const involves = (device: DeviceId) =>
  sql<SqlBool>`incident.id in (select alert.incident_id from alert where alert.device_id = ${device})`;

export async function findIncident(db: Db, scope: Scope, id: IncidentId): Promise<ShownIncident | undefined> {
  const row = await incidentQuery(db, scope).where('incident.id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toShownIncident(row);
}

export interface AlertCounts {
  alerts: number;
  openAlerts: number;
  devices: number;
}

/** Of the alerts that may be seen. */
export async function countAlerts(
  db: Db,
  scope: Scope,
  incidents: readonly IncidentId[],
): Promise<Map<string, AlertCounts>> {
  if (incidents.length === 0) return new Map();
  const rows = await db
    .selectFrom('alert')
    .select('alert.incident_id')
    .select(({ fn }) => [
      fn.countAll<number>().as('alerts'),
      sql<number>`sum(case when alert.resolved_at is null then 1 else 0 end)`.as('open_alerts'),
      fn.count<number>('alert.device_id').distinct().as('devices'),
    ])
    .where('alert.incident_id', 'in', incidents)
    .where(seen(scope, 'alert'))
    .groupBy('alert.incident_id')
    .execute();
  return new Map(
    rows.map((row) => [
      row.incident_id,
      { alerts: Number(row.alerts), openAlerts: Number(row.open_alerts), devices: Number(row.devices) },
    ]),
  );
}

export interface OpenCounts {
  open: Record<Severity, number>;
  unacknowledged: number;
  muted: number;
}

export async function countOpen(db: Db, scope: Scope): Promise<OpenCounts> {
  const rows = await db
    .selectFrom('incident')
    .select(['incident.severity', 'incident.state', 'incident.is_muted'])
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('incident.state', 'in', OPEN)
    .where('incident.merged_into', 'is', null)
    .where(seen(scope, 'incident'))
    .groupBy(['incident.severity', 'incident.state', 'incident.is_muted'])
    .execute();
  const counts: OpenCounts = {
    open: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
    unacknowledged: 0,
    muted: 0,
  };
  for (const { severity, state, is_muted, n } of rows) {
    if (is_muted === 1) counts.muted += Number(n);
    else {
      counts.open[SeverityWord.parse(severity)] += Number(n);
      if (state !== 'acknowledged') counts.unacknowledged += Number(n);
    }
  }
  return counts;
}

export interface ShownEntry {
  seq: number;
  at: number;
  receivedAt: number;
  kind: EntryKind;
  alertId: AlertId | null;
  by: string | null;
  text: string;
}

/** Of alerts that may be seen, and of the incident as a whole. */
const entrySeen = (scope: Scope): RawBuilder<SqlBool> =>
  sql<SqlBool>`(incident_entry.alert_id is null or exists (select 1 from alert where alert.id = incident_entry.alert_id and ${seen(scope, 'alert')}))`;

/** Oldest first by the time it happened; of more than the bound the newest. */
export async function listEntries(
  db: Db,
  scope: Scope,
  { incident, limit }: { incident: IncidentId; limit: number },
): Promise<ShownEntry[]> {
  const rows = await db
    .selectFrom('incident_entry')
    .select(['seq', 'at', 'received_at', 'kind', 'alert_id', 'actor', 'text'])
    .where('incident_id', '=', incident)
    .$if(!seesEverything(scope), (query) => query.where(entrySeen(scope)))
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
  return rows.reverse().map((row) => ({
    seq: row.seq,
    at: row.at,
    receivedAt: row.received_at,
    kind: EntryKind.parse(row.kind),
    alertId: orNull(AlertId, row.alert_id),
    by: row.actor,
    text: row.text,
  }));
}

export interface Actable {
  incident: IncidentId;
  site: SiteId | null;
  /** Null: the incident as a whole. */
  alert: AlertId | null;
  root: AlertId | null;
}

/** Of these those that may be seen and are not put away. */
export async function actable(
  db: Db,
  scope: Scope,
  wished: { incidents: readonly IncidentId[]; alerts: readonly AlertId[] },
): Promise<Actable[]> {
  const whole =
    wished.incidents.length === 0
      ? []
      : await db
          .selectFrom('incident')
          .select(['incident.id', 'incident.site_id', 'incident.root_alert_id'])
          .where('incident.id', 'in', wished.incidents)
          .where('incident.state', '!=', 'archived')
          .where('incident.merged_into', 'is', null)
          .where(seen(scope, 'incident'))
          .execute();
  const single =
    wished.alerts.length === 0
      ? []
      : await db
          .selectFrom('alert')
          .select(['alert.id', 'alert.incident_id', 'alert.site_id'])
          .where('alert.id', 'in', wished.alerts)
          .where('alert.state', '!=', 'archived')
          .where(seen(scope, 'alert'))
          .execute();
  return [
    ...whole.map((row) => ({
      incident: IncidentId.parse(row.id),
      site: orNull(SiteId, row.site_id),
      alert: null,
      root: orNull(AlertId, row.root_alert_id),
    })),
    ...single.map((row) => ({
      incident: IncidentId.parse(row.incident_id),
      site: orNull(SiteId, row.site_id),
      alert: AlertId.parse(row.id),
      root: null,
    })),
  ];
}

/** Devices that nobody can see while this relay is silent, or all of this site. */
export async function countUnseen(db: Db, of: { relay: RelayId } | { site: SiteId }): Promise<number> {
  const query = db.selectFrom('device').select(({ fn }) => fn.countAll<number>().as('n'));
  const row = await ('relay' in of
    ? query.where('relay_id', '=', of.relay)
    : query.where('site_id', '=', of.site)
  ).executeTakeFirstOrThrow();
  return Number(row.n);
}
