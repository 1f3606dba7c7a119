// Alerts in the database: read to be changed, and written back whole.
import { type SqlBool, sql } from 'kysely';
import type { Db, Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import { AlertId, DeviceId, IncidentId, RelayId, SiteId } from '#shared/base/id.ts';
import type { AlertRow } from './alert-rows.ts';
import { SeverityWord, StateWord, TypeWord } from './stored-words.ts';

const COLUMNS = [
  ...(['id', 'incident_id', 'site_id', 'relay_id', 'device_id', 'check_id', 'instance', 'type', 'state'] as const),
  ...(['severity', 'detail', 'value', 'limit_value', 'unit', 'opened_at', 'received_at', 'changed_at'] as const),
  ...(['resolved_at', 'resolved_by', 'evidence', 'is_failing', 'count', 'openings', 'flapping_since'] as const),
  ...(['is_muted', 'because_id', 'told_at'] as const),
] as const;

const selected = (db: Db) => db.selectFrom('alert').select(COLUMNS);
type Row = Awaited<ReturnType<ReturnType<typeof selected>['executeTakeFirstOrThrow']>>;

const orNull = <T>(schema: { parse(value: unknown): T }, value: string | null): T | null =>
  value === null ? null : schema.parse(value);

function toAlert(row: Row): AlertRow {
  return {
    id: AlertId.parse(row.id),
    incident: IncidentId.parse(row.incident_id),
    site: orNull(SiteId, row.site_id),
    relay: orNull(RelayId, row.relay_id),
    device: orNull(DeviceId, row.device_id),
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
    isFailing: row.is_failing === 1,
    count: row.count,
    openings: JSON.parse(row.openings) as number[], // written by `toRow` alone
    flappingSince: row.flapping_since,
    isMuted: row.is_muted === 1,
    because: orNull(DeviceId, row.because_id),
    toldAt: row.told_at,
  };
}

const flag = (is: boolean): 0 | 1 => (is ? 1 : 0);

function toRow(alert: AlertRow, subject: string) {
  return {
    id: alert.id,
    incident_id: alert.incident,
    site_id: alert.site,
    relay_id: alert.relay,
    device_id: alert.device,
    subject,
    check_id: alert.check,
    instance: storedText(alert.instance, 255),
    type: alert.type,
    state: alert.state,
    severity: alert.severity,
    detail: storedText(alert.detail, 500),
    value: alert.value,
    limit_value: alert.limit,
    unit: alert.unit === null ? null : storedText(alert.unit, 16),
    opened_at: alert.openedAt,
    received_at: alert.receivedAt,
    changed_at: alert.changedAt,
    resolved_at: alert.resolvedAt,
    resolved_by: alert.resolvedBy,
    evidence: alert.evidence === null ? null : storedText(alert.evidence, 500),
    is_failing: flag(alert.isFailing),
    count: alert.count,
    openings: JSON.stringify(alert.openings),
    flapping_since: alert.flappingSince,
    is_muted: flag(alert.isMuted),
    because_id: alert.because,
    told_at: alert.toldAt,
  };
}

// Far below the engines' limits on values.
const IDS_PER_QUERY = 500;

async function inChunks(
  ids: readonly string[],
  read: (some: readonly string[]) => Promise<Row[]>,
): Promise<AlertRow[]> {
  const found: AlertRow[] = [];
  for (let from = 0; from < ids.length; from += IDS_PER_QUERY)
    for (const row of await read(ids.slice(from, from + IDS_PER_QUERY))) found.push(toAlert(row));
  return found;
}

export const alertsById = (tx: Tx, ids: readonly string[]): Promise<AlertRow[]> =>
  inChunks(ids, (some) => selected(tx).where('id', 'in', some).execute());

/** Open ones of these incidents. */
export const openAlertsIn = (tx: Tx, incidents: readonly string[]): Promise<AlertRow[]> =>
  inChunks(incidents, (some) =>
    selected(tx).where('incident_id', 'in', some).where('resolved_at', 'is', null).execute(),
  );

/** Open alerts of one incident that are alike: the earliest times stand for all of them. */
export type OpenSum = Pick<AlertRow, 'severity' | 'state' | 'isMuted' | 'flappingSince' | 'changedAt'>;

/** Of these incidents, without those alerts. */
export async function openSums(
  tx: Tx,
  incidents: readonly string[],
  without: readonly string[],
): Promise<Map<string, OpenSum[]>> {
  const sums = new Map<string, OpenSum[]>();
  // One parameter, whatever its length.
  const others = sql<SqlBool>`alert.id not in (select value from json_each(cast(${JSON.stringify(without)} as text)))`;
  for (let from = 0; from < incidents.length; from += IDS_PER_QUERY) {
    const rows = await tx
      .selectFrom('alert')
      .select(({ fn }) => [
        'incident_id',
        'severity',
        'state',
        'is_muted',
        fn.min('flapping_since').as('flapping_since'),
      ])
      .select(sql<number | null>`min(case when flapping_since is null then null else changed_at end)`.as('changed_at'))
      .where('incident_id', 'in', incidents.slice(from, from + IDS_PER_QUERY))
      .where('resolved_at', 'is', null)
      .where(others)
      .groupBy(['incident_id', 'severity', 'state', 'is_muted'])
      .execute();
    for (const row of rows) sums.set(row.incident_id, [...(sums.get(row.incident_id) ?? []), toSum(row)]);
  }
  return sums;
}

const toSum = (row: {
  severity: string;
  state: string;
  is_muted: number;
  flapping_since: number | null;
  changed_at: number | null;
}): OpenSum => ({
  severity: SeverityWord.parse(row.severity),
  state: StateWord.parse(row.state),
  isMuted: row.is_muted === 1,
  flappingSince: row.flapping_since === null ? null : Number(row.flapping_since),
  changedAt: Number(row.changed_at ?? 0),
});

/** Open ones of these subjects. */
export const openAlertsOf = (tx: Tx, subjects: readonly string[]): Promise<AlertRow[]> =>
  inChunks(subjects, (some) => selected(tx).where('subject', 'in', some).where('resolved_at', 'is', null).execute());

/** Open ones that another device's outage explains. */
export const openBecauseOf = (tx: Tx, devices: readonly string[]): Promise<AlertRow[]> =>
  inChunks(devices, (some) => selected(tx).where('because_id', 'in', some).where('resolved_at', 'is', null).execute());

/** Open ones of relays, sites and the console: what the console finds by itself. */
export async function openOwnAlerts(db: Db): Promise<AlertRow[]> {
  const rows = await selected(db).where('device_id', 'is', null).where('resolved_at', 'is', null).execute();
  return rows.map(toAlert);
}

export interface AlertName {
  subject: string;
  check: string;
  instance: string;
}

/** The one of this name that was resolved last, since then. */
export async function lastResolved(tx: Tx, name: AlertName, since: number): Promise<AlertRow | undefined> {
  const row = await selected(tx)
    .where('subject', '=', name.subject)
    .where('check_id', '=', name.check)
    .where('instance', '=', storedText(name.instance, 255))
    .where('resolved_at', '>=', since)
    .orderBy('resolved_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : toAlert(row);
}

export async function insertAlert(tx: Tx, alert: AlertRow, subject: string): Promise<void> {
  await tx.insertInto('alert').values(toRow(alert, subject)).execute();
}

export async function updateAlert(tx: Tx, alert: AlertRow, subject: string): Promise<void> {
  const { id, ...columns } = toRow(alert, subject);
  await tx.updateTable('alert').set(columns).where('id', '=', id).execute();
}

/** Resolved before `at` and not put away yet: they are archived. */
export async function archiveAlerts(tx: Tx, at: number): Promise<void> {
  await tx
    .updateTable('alert')
    .set({ state: 'archived' })
    .where('state', '=', 'resolved')
    .where('resolved_at', '<', at)
    .execute();
}
