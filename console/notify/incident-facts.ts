// What routes and messages ask of an incident, as rows of other rooms tell it.

import { z } from 'zod';
import type { Db } from '#console/store/engine.ts';
import { CustomerId, DeviceId, type IncidentId, SiteId } from '#shared/base/id.ts';
import { ALERT_TYPES, type AlertType, SEVERITIES, type Severity } from '#shared/model/alert-words.ts';

export interface IncidentFacts {
  id: IncidentId;
  title: string;
  severity: Severity;
  type: AlertType;
  check: string;
  /** In words for people, and what they should do. */
  checkName: string;
  advice: string;
  /** The evidence of the alert that it rests on. Text of a device. */
  detail: string;
  siteId: SiteId | null;
  siteName: string;
  customerId: CustomerId | null;
  customerName: string;
  zone: string;
  deviceId: DeviceId | null;
  deviceName: string;
  tags: readonly string[];
  /** Groups that hold the device, by hand or by rule. */
  groups: readonly string[];
  openedAt: number;
  resolvedAt: number | null;
  acknowledgedBy: string | null;
  /** The person whose it is. */
  assignee: string | null;
  snoozedUntil: number | null;
  isMuted: boolean;
  isMerged: boolean;
  /** Alerts in it beside the one it rests on. */
  children: number;
  /** How often it came and went; '' where that is no news. */
  flaps: string;
}

const SeverityWord = z.enum(SEVERITIES);
const TypeWord = z.enum(ALERT_TYPES);

/** What the tables of an incident do not say. */
export type CheckWords = Pick<IncidentFacts, 'checkName' | 'advice' | 'groups'>;
const NO_WORDS: CheckWords = { checkName: '', advice: '', groups: [] };

/** Undefined for one that is gone. */
export async function incidentFacts(db: Db, id: IncidentId, words = NO_WORDS): Promise<IncidentFacts | undefined> {
  const row = await db
    .selectFrom('incident')
    .leftJoin('alert', 'alert.id', 'incident.root_alert_id')
    .leftJoin('site', 'site.id', 'incident.site_id')
    .leftJoin('customer', 'customer.id', 'site.customer_id')
    .leftJoin('device', 'device.id', 'incident.device_id')
    .leftJoin('relay', 'relay.id', 'incident.relay_id')
    .select([
      'incident.title',
      'incident.severity',
      'incident.site_id',
      'incident.device_id',
      'incident.opened_at',
      'incident.resolved_at',
      'incident.acknowledged_by',
      'incident.assignee_id',
      'incident.snoozed_until',
      'incident.is_muted',
      'incident.merged_into',
      'alert.type',
      'alert.check_id',
      'alert.detail',
      'site.name as site_name',
      'site.time_zone',
      'site.customer_id',
      'customer.name as customer_name',
      'device.name as device_name',
      'relay.name as relay_name',
    ])
    .where('incident.id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const deviceId = row.device_id === null ? null : DeviceId.parse(row.device_id);
  return {
    id,
    title: row.title,
    severity: SeverityWord.parse(row.severity),
    type: TypeWord.catch('custom').parse(row.type),
    check: row.check_id ?? '',
    checkName: words.checkName || (row.check_id ?? ''),
    advice: words.advice,
    detail: row.detail ?? '',
    siteId: row.site_id === null ? null : SiteId.parse(row.site_id),
    siteName: row.site_name ?? '',
    customerId: row.customer_id === null ? null : CustomerId.parse(row.customer_id),
    customerName: row.customer_name ?? '',
    zone: row.time_zone ?? 'UTC',
    deviceId,
    deviceName: row.device_name ?? row.relay_name ?? '',
    tags: deviceId === null ? [] : await tagsOf(db, deviceId),
    groups: words.groups,
    openedAt: row.opened_at,
    resolvedAt: row.resolved_at,
    acknowledgedBy: row.acknowledged_by,
    assignee: row.assignee_id,
    snoozedUntil: row.snoozed_until,
    isMuted: row.is_muted === 1,
    isMerged: row.merged_into !== null,
    children: Math.max(0, (await countAlerts(db, id)) - 1),
    flaps: '',
  };
}

/** How often it came and went, as its timeline said last: of one that is over, when that was the end of it. */
export async function flapsOf(db: Db, id: IncidentId, resolvedAt: number | null): Promise<string> {
  const row = await db
    .selectFrom('incident_entry')
    .select('text')
    .where('incident_id', '=', id)
    .where('kind', 'in', ['flapping', 'steady'])
    .where('at', '>=', resolvedAt ?? 0)
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.text ?? '';
}

async function tagsOf(db: Db, device: DeviceId): Promise<string[]> {
  const rows = await db.selectFrom('device_tag').select('tag').where('device_id', '=', device).execute();
  return rows.map(({ tag }) => tag);
}

async function countAlerts(db: Db, incident: IncidentId): Promise<number> {
  const query = db.selectFrom('alert').select(({ fn }) => fn.countAll<number>().as('n'));
  return (await query.where('incident_id', '=', incident).executeTakeFirstOrThrow()).n;
}
