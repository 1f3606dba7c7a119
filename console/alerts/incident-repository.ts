// Incidents, their timelines and the findings behind them in the database: read to be changed, and written back whole.
import { type Db, engineOf, lockRows, type Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import { AlertId, DeviceId, FindingId, IncidentId, RelayId, SiteId } from '#shared/base/id.ts';
import { severityRank } from '#shared/model/alert-words.ts';
import type { FindingRow, IncidentRow, NewEntry } from './alert-rows.ts';
import { CauseWord, SeverityWord, StateWord } from './stored-words.ts';

const COLUMNS = [
  ...(['id', 'site_id', 'relay_id', 'device_id', 'cause', 'title', 'state', 'severity', 'root_alert_id'] as const),
  ...([
    'opened_at',
    'received_at',
    'changed_at',
    'resolved_at',
    'resolved_by',
    'is_past',
    'is_muted',
    'is_told',
  ] as const),
  ...(['flapping_since', 'snoozed_until', 'assignee_id', 'acknowledged_by', 'acknowledged_at', 'told_at'] as const),
  ...(['due_at', 'merged_into', 'flap_told_at'] as const),
] as const;

const selected = (db: Db) => db.selectFrom('incident').select(COLUMNS);
type Row = Awaited<ReturnType<ReturnType<typeof selected>['executeTakeFirstOrThrow']>>;

const orNull = <T>(schema: { parse(value: unknown): T }, value: string | null): T | null =>
  value === null ? null : schema.parse(value);

function toIncident(row: Row): IncidentRow {
  return {
    id: IncidentId.parse(row.id),
    site: orNull(SiteId, row.site_id),
    relay: orNull(RelayId, row.relay_id),
    device: orNull(DeviceId, row.device_id),
    cause: CauseWord.parse(row.cause),
    title: row.title,
    state: StateWord.parse(row.state),
    severity: SeverityWord.parse(row.severity),
    root: orNull(AlertId, row.root_alert_id),
    openedAt: row.opened_at,
    receivedAt: row.received_at,
    changedAt: row.changed_at,
    resolvedAt: row.resolved_at,
    resolvedBy: row.resolved_by,
    isPast: row.is_past === 1,
    isMuted: row.is_muted === 1,
    isTold: row.is_told === 1,
    flappingSince: row.flapping_since,
    snoozedUntil: row.snoozed_until,
    assignee: row.assignee_id,
    acknowledgedBy: row.acknowledged_by,
    acknowledgedAt: row.acknowledged_at,
    toldAt: row.told_at,
    dueAt: row.due_at,
    mergedInto: orNull(IncidentId, row.merged_into),
    flapToldAt: row.flap_told_at,
  };
}

const flag = (is: boolean): 0 | 1 => (is ? 1 : 0);

function toRow(incident: IncidentRow) {
  return {
    id: incident.id,
    site_id: incident.site,
    relay_id: incident.relay,
    device_id: incident.device,
    cause: incident.cause,
    title: storedText(incident.title, 200),
    state: incident.state,
    severity: incident.severity,
    severity_rank: severityRank(incident.severity),
    root_alert_id: incident.root,
    opened_at: incident.openedAt,
    received_at: incident.receivedAt,
    changed_at: incident.changedAt,
    resolved_at: incident.resolvedAt,
    resolved_by: incident.resolvedBy,
    is_past: flag(incident.isPast),
    is_muted: flag(incident.isMuted),
    is_told: flag(incident.isTold),
    flapping_since: incident.flappingSince,
    snoozed_until: incident.snoozedUntil,
    assignee_id: incident.assignee,
    acknowledged_by: incident.acknowledgedBy,
    acknowledged_at: incident.acknowledgedAt,
    told_at: incident.toldAt,
    due_at: incident.dueAt,
    merged_into: incident.mergedInto,
    flap_told_at: incident.flapToldAt,
  };
}

// Far below the engines' limits on values.
const ROWS_PER_STATEMENT = 500;

/** Locks them, in one order. */
export async function lockIncidents(tx: Tx, ids: readonly string[]): Promise<IncidentRow[]> {
  const found: IncidentRow[] = [];
  const sorted = [...new Set(ids)].sort();
  for (let from = 0; from < sorted.length; from += ROWS_PER_STATEMENT) {
    const some = sorted.slice(from, from + ROWS_PER_STATEMENT);
    const rows = await selected(tx).where('id', 'in', some).orderBy('id').$call(lockRows(tx)).execute();
    found.push(...rows.map(toIncident));
  }
  return found;
}

/** Whose clock has run out, the oldest first; not locked. */
export async function dueIncidents(
  db: Db,
  now: number,
  limit: number,
): Promise<Array<{ id: IncidentId; site: SiteId | null }>> {
  const rows = await db
    .selectFrom('incident')
    .select(['id', 'site_id'])
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ id: IncidentId.parse(row.id), site: orNull(SiteId, row.site_id) }));
}

export async function insertIncident(tx: Tx, incident: IncidentRow): Promise<void> {
  await tx.insertInto('incident').values(toRow(incident)).execute();
}

export async function updateIncident(tx: Tx, incident: IncidentRow): Promise<void> {
  const { id, ...columns } = toRow(incident);
  await tx.updateTable('incident').set(columns).where('id', '=', id).execute();
}

/** Open ones whose alerts went with their devices: the clock looks at them. */
export async function dueOrphans(tx: Tx, now: number): Promise<void> {
  await tx
    .updateTable('incident')
    .set({ due_at: now })
    .where('state', 'in', ['triggered', 'active', 'acknowledged'])
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('alert')
            .select('alert.id')
            .whereRef('alert.incident_id', '=', 'incident.id')
            .where('alert.resolved_at', 'is', null),
        ),
      ),
    )
    .execute();
}

/** Resolved before `at` and not put away yet: they are archived. */
export async function archiveIncidents(tx: Tx, at: number): Promise<number> {
  const result = await tx
    .updateTable('incident')
    .set({ state: 'archived' })
    .where('state', '=', 'resolved')
    .where('resolved_at', '<', at)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** Forgets archived ones that were resolved before `at`, with all that is theirs. */
export async function removeIncidents(tx: Tx, at: number, limit: number): Promise<number> {
  const old = tx
    .selectFrom('incident')
    .select('id')
    .where('state', '=', 'archived')
    .where('resolved_at', '<', at)
    .limit(limit);
  const result = await tx.deleteFrom('incident').where('id', 'in', old).executeTakeFirst();
  return Number(result.numDeletedRows);
}

export async function insertEntries(tx: Tx, entries: readonly NewEntry[]): Promise<void> {
  const rows = entries.map(({ incident, alert, at, receivedAt, kind, by, text }) => ({
    incident_id: incident,
    alert_id: alert,
    at,
    received_at: receivedAt,
    kind,
    actor: by,
    text: storedText(text),
  }));
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT)
    await tx
      .insertInto('incident_entry')
      .values(rows.slice(from, from + ROWS_PER_STATEMENT))
      .execute();
}

export async function findingsById(tx: Tx, ids: readonly string[]): Promise<FindingRow[]> {
  const found: FindingRow[] = [];
  for (let from = 0; from < ids.length; from += ROWS_PER_STATEMENT) {
    const rows = await tx
      .selectFrom('finding')
      .select(['id', 'alert_id', 'relay_id', 'step', 'count', 'is_open', 'at'])
      .where('id', 'in', ids.slice(from, from + ROWS_PER_STATEMENT))
      .execute();
    for (const row of rows)
      found.push({
        id: FindingId.parse(row.id),
        alert: AlertId.parse(row.alert_id),
        relay: RelayId.parse(row.relay_id),
        step: row.step,
        count: row.count,
        isOpen: row.is_open === 1,
        at: row.at,
      });
  }
  return found;
}

export async function upsertFindings(tx: Tx, findings: readonly FindingRow[]): Promise<void> {
  const rows = findings.map(({ id, alert, relay, step, count, isOpen, at }) => ({
    id,
    alert_id: alert,
    relay_id: relay,
    step,
    count,
    is_open: flag(isOpen),
    at,
  }));
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT)
    await tx
      .insertInto('finding')
      .values(rows.slice(from, from + ROWS_PER_STATEMENT))
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({
          step: eb.ref('excluded.step'),
          count: eb.ref('excluded.count'),
          is_open: eb.ref('excluded.is_open'),
          at: eb.ref('excluded.at'),
        })),
      )
      .execute();
}

/** How many findings were this alert since then, and when the first of them was heard of last. */
export async function countFindings(tx: Tx, alert: AlertId, since: number): Promise<{ times: number; from: number }> {
  const row = await tx
    .selectFrom('finding')
    .select(({ fn }) => [fn.countAll<number>().as('times'), fn.min<number | null>('at').as('from')])
    .where('alert_id', '=', alert)
    .where('at', '>', since)
    .executeTakeFirstOrThrow();
  return { times: Number(row.times), from: Number(row.from ?? since) };
}

/** Only the newest finding of an alert speaks for it. */
export async function closeFormer(tx: Tx, alert: AlertId, newest: FindingId): Promise<void> {
  await tx
    .updateTable('finding')
    .set({ is_open: 0 })
    .where('alert_id', '=', alert)
    .where('id', '!=', newest)
    .where('is_open', '=', 1)
    .execute();
}

/**
 * Everybody who changes alerts of a site, or of the console itself, goes one after the other: what belongs together is decided
 * by looking at all that is open there.
 */
export async function lockPlace(tx: Tx, site: SiteId | null): Promise<void> {
  if (engineOf(tx) === 'sqlite') return;
  if (site === null) await tx.selectFrom('instance').select('id').where('id', '=', 1).$call(lockRows(tx)).execute();
  else await tx.selectFrom('site').select('id').where('id', '=', site).$call(lockRows(tx)).execute();
}

/** As titles call them; those that are gone are left out. */
export async function devicesNamed(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const distinct = [...new Set(ids)];
  for (let from = 0; from < distinct.length; from += ROWS_PER_STATEMENT) {
    const rows = await tx
      .selectFrom('device')
      .select(['id', 'name'])
      .where('id', 'in', distinct.slice(from, from + ROWS_PER_STATEMENT))
      .execute();
    for (const { id, name } of rows) names.set(id, name);
  }
  return names;
}
