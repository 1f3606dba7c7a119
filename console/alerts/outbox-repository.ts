// The outbox in the database: changes of incidents in the order in which they were made, each until somebody took it.
import type { Db, Tx } from '#console/store/engine.ts';
import { AlertId, IncidentId } from '#shared/base/id.ts';
import type { AlertChange, NewAlertChange } from './alert-outbox.ts';
import { ChangeKind, SeverityWord } from './stored-words.ts';

// 8 values a row; SQLite binds 32,766 at most.
const ROWS_PER_STATEMENT = 500;

export async function insertChanges(tx: Tx, changes: readonly NewAlertChange[]): Promise<void> {
  const rows = changes.map(({ incident, alert, kind, severity, at, madeAt, toldAt }) => ({
    incident_id: incident,
    alert_id: alert,
    kind,
    severity,
    at,
    made_at: madeAt,
    told_at: toldAt,
  }));
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT)
    await tx
      .insertInto('alert_change')
      .values(rows.slice(from, from + ROWS_PER_STATEMENT))
      .execute();
}

/** The oldest first. */
export async function waitingChanges(db: Db, limit: number): Promise<AlertChange[]> {
  const rows = await db
    .selectFrom('alert_change')
    .select(['seq', 'incident_id', 'alert_id', 'kind', 'severity', 'at', 'made_at', 'told_at'])
    .where('taken_at', 'is', null)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    seq: row.seq,
    incident: IncidentId.parse(row.incident_id),
    alert: row.alert_id === null ? null : AlertId.parse(row.alert_id),
    kind: ChangeKind.parse(row.kind),
    severity: SeverityWord.parse(row.severity),
    at: row.at,
    madeAt: row.made_at,
    toldAt: row.told_at,
  }));
}

/** When the oldest of them was written; null when none waits. */
export async function oldestWaiting(db: Db): Promise<number | null> {
  const row = await db
    .selectFrom('alert_change')
    .select('made_at')
    .where('taken_at', 'is', null)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  return row?.made_at ?? null;
}

/** Marks those that nobody took yet; returns their numbers. */
export async function markTaken(tx: Tx, seqs: readonly number[], at: number): Promise<Set<number>> {
  const taken = new Set<number>();
  for (let from = 0; from < seqs.length; from += ROWS_PER_STATEMENT) {
    const rows = await tx
      .updateTable('alert_change')
      .set({ taken_at: at })
      .where('seq', 'in', seqs.slice(from, from + ROWS_PER_STATEMENT))
      .where('taken_at', 'is', null)
      .returning('seq')
      .execute();
    for (const { seq } of rows) taken.add(seq);
  }
  return taken;
}

/** Forgets what was taken before `at`. */
export async function removeTaken(tx: Tx, at: number): Promise<number> {
  const result = await tx.deleteFrom('alert_change').where('taken_at', '<', at).executeTakeFirst();
  return Number(result.numDeletedRows);
}
