// What notify needs to know of an incident to choose whom to tell: its place, its device's tags and groups, its worst alerts.
import type { Db } from '#console/store/engine.ts';
import { CustomerId, DeviceId, type IncidentId, RelayId, SiteId } from '#shared/base/id.ts';
import type { Severity } from '#shared/model/alert-words.ts';
import { CauseWord, SeverityWord, StateWord, TypeWord } from './stored-words.ts';

const orNull = <T>(schema: { parse(value: unknown): T }, value: string | null): T | null =>
  value === null ? null : schema.parse(value);

async function placedIncident(db: Db, id: IncidentId) {
  return await db
    .selectFrom('incident')
    .leftJoin('site', 'site.id', 'incident.site_id')
    .leftJoin('customer', 'customer.id', 'site.customer_id')
    .leftJoin('relay', 'relay.id', 'incident.relay_id')
    .leftJoin('device', 'device.id', 'incident.device_id')
    .select(['incident.id', 'incident.title', 'incident.state', 'incident.severity', 'incident.cause'])
    .select(['incident.opened_at', 'incident.received_at', 'incident.resolved_at', 'incident.resolved_by'])
    .select(['incident.is_past', 'incident.is_muted', 'incident.flapping_since', 'incident.snoozed_until'])
    .select(['incident.assignee_id', 'incident.acknowledged_by', 'incident.acknowledged_at', 'incident.told_at'])
    .select(['incident.site_id', 'incident.relay_id', 'incident.device_id', 'incident.merged_into'])
    .select(['site.name as site_name', 'site.time_zone', 'site.customer_id', 'customer.name as customer_name'])
    .select(['relay.name as relay_name', 'device.name as device_name'])
    .where('incident.id', '=', id)
    .executeTakeFirst();
}

/** The worst and oldest of its alerts, and how many there are. */
async function alertsOf(db: Db, id: IncidentId, limit: number) {
  const rows = await db
    .selectFrom('alert')
    .leftJoin('device', 'device.id', 'alert.device_id')
    .select(['alert.id', 'alert.check_id', 'alert.instance', 'alert.type', 'alert.severity', 'alert.state'])
    .select(['alert.detail', 'alert.evidence', 'alert.count', 'alert.opened_at', 'alert.resolved_at'])
    .select(['alert.value', 'alert.limit_value', 'alert.unit', 'alert.device_id', 'device.name as device_name'])
    .where('alert.incident_id', '=', id)
    .orderBy('alert.opened_at')
    .orderBy('alert.id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    check: row.check_id,
    instance: row.instance,
    type: TypeWord.parse(row.type),
    severity: SeverityWord.parse(row.severity),
    state: StateWord.parse(row.state),
    detail: row.detail,
    evidence: row.evidence,
    count: row.count,
    openedAt: row.opened_at,
    resolvedAt: row.resolved_at,
    value: row.value,
    limit: row.limit_value,
    unit: row.unit,
    deviceId: orNull(DeviceId, row.device_id),
    deviceName: row.device_name,
  }));
}

async function countsOf(db: Db, id: IncidentId): Promise<{ alerts: number; open: number; devices: number }> {
  const row = await db
    .selectFrom('alert')
    .select(({ fn, eb }) => [
      fn.countAll<number>().as('alerts'),
      fn.sum<number>(eb.case().when('resolved_at', 'is', null).then(1).else(0).end()).as('open'),
      fn.count<number>('device_id').distinct().as('devices'),
    ])
    .where('incident_id', '=', id)
    .executeTakeFirstOrThrow();
  return { alerts: Number(row.alerts), open: Number(row.open ?? 0), devices: Number(row.devices) };
}

async function tagsOf(db: Db, device: string | null): Promise<string[]> {
  if (device === null) return [];
  const rows = await db.selectFrom('device_tag').select('tag').where('device_id', '=', device).orderBy('tag').execute();
  return rows.map(({ tag }) => tag);
}

/** Everything of an incident that people may be told; undefined when it is gone. */
export async function findNotice(db: Db, id: IncidentId, limit: number) {
  const row = await placedIncident(db, id);
  if (row === undefined) return undefined;
  const severity: Severity = SeverityWord.parse(row.severity);
  return {
    id,
    title: row.title,
    state: StateWord.parse(row.state),
    severity,
    cause: CauseWord.parse(row.cause),
    openedAt: row.opened_at,
    receivedAt: row.received_at,
    resolvedAt: row.resolved_at,
    resolvedBy: row.resolved_by,
    isPast: row.is_past === 1,
    isMuted: row.is_muted === 1,
    isMerged: row.merged_into !== null,
    flappingSince: row.flapping_since,
    snoozedUntil: row.snoozed_until,
    assignee: row.assignee_id,
    acknowledgedBy: row.acknowledged_by,
    acknowledgedAt: row.acknowledged_at,
    toldAt: row.told_at,
    siteId: orNull(SiteId, row.site_id),
    siteName: row.site_name,
    timeZone: row.time_zone,
    customerId: orNull(CustomerId, row.customer_id),
    customerName: row.customer_name,
    relayId: orNull(RelayId, row.relay_id),
    relayName: row.relay_name,
    deviceId: orNull(DeviceId, row.device_id),
    deviceName: row.device_name,
    tags: await tagsOf(db, row.device_id),
    counts: await countsOf(db, id),
    alerts: await alertsOf(db, id, limit),
  };
}
