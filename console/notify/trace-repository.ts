// Attempts, verdicts, cases and threads in the database.
import type { Db, Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import { ContactId, IncidentId, NotificationId, RouteId } from '#shared/base/id.ts';
import type { NotificationDetail, Verdict } from '#shared/contract/notify-contract.ts';
import type { NewVerdict, PlannedCase, StandingCase } from './plan.ts';

export async function insertAttempt(
  tx: Tx,
  { id, at, ok, detail, tookMs }: { id: NotificationId; at: number; ok: boolean; detail: string; tookMs: number },
): Promise<void> {
  const values = { notification_id: id, at, is_ok: ok ? (1 as const) : (0 as const), detail: storedText(detail, 500) };
  await tx
    .insertInto('notification_attempt')
    .values({ ...values, took_ms: tookMs })
    .execute();
}

/** More than are made of one message. */
const MOST_ATTEMPTS = 200;

export async function attemptsOf(db: Db, id: NotificationId): Promise<NotificationDetail['log']> {
  const rows = await db
    .selectFrom('notification_attempt')
    .select(['at', 'is_ok', 'detail', 'took_ms'])
    .where('notification_id', '=', id)
    .orderBy('seq')
    .limit(MOST_ATTEMPTS)
    .execute();
  return rows.map((row) => ({ at: row.at, ok: row.is_ok === 1, detail: row.detail, tookMs: row.took_ms }));
}

/** 7 values a row; SQLite binds 32,766 at most. */
const ROWS = 500;

export async function insertVerdicts(
  tx: Tx,
  incident: IncidentId,
  at: number,
  verdicts: readonly NewVerdict[],
): Promise<void> {
  const rows = verdicts.map(({ code, text, routeId, contactId, notificationId }) => ({
    incident_id: incident,
    at,
    code,
    text: storedText(text, 500),
    route_id: routeId,
    contact_id: contactId,
    notification_id: notificationId,
  }));
  for (let from = 0; from < rows.length; from += ROWS)
    await tx
      .insertInto('notify_verdict')
      .values(rows.slice(from, from + ROWS))
      .execute();
}

/** The newest are cut off never: a trace is read from its beginning, and an incident has some dozens. */
const MOST_VERDICTS = 2_000;

export async function verdictsOf(db: Db, incident: IncidentId): Promise<Verdict[]> {
  const rows = await db
    .selectFrom('notify_verdict')
    .select(['at', 'code', 'text', 'route_id', 'contact_id', 'notification_id'])
    .where('incident_id', '=', incident)
    .orderBy('seq')
    .limit(MOST_VERDICTS)
    .execute();
  return rows.map((row) => ({
    at: row.at,
    code: row.code,
    text: row.text,
    routeId: row.route_id === null ? null : RouteId.parse(row.route_id),
    contactId: row.contact_id === null ? null : ContactId.parse(row.contact_id),
    notificationId: row.notification_id === null ? null : NotificationId.parse(row.notification_id),
  }));
}

/** Why somebody was told is answered for as long as what they were told is kept. */
export async function removeVerdicts(tx: Tx, before: number): Promise<void> {
  await tx.deleteFrom('notify_verdict').where('at', '<', before).execute();
}

const dueOf = ({ repeatAt, tierAt }: PlannedCase): number | null => {
  const times = [repeatAt, tierAt].filter((at) => at !== null);
  return times.length === 0 ? null : Math.min(...times);
};

/** A case that stands already begins anew: the incident was opened again. */
export async function putCase(tx: Tx, incident: IncidentId, since: number, one: PlannedCase): Promise<void> {
  const { repeatAt, tier, tierAt } = one;
  const values = { since, tier, repeat_at: repeatAt, tier_at: tierAt, due_at: dueOf(one) };
  await tx
    .insertInto('notify_case')
    .values({ incident_id: incident, route_id: one.routeId, ...values })
    .onConflict((conflict) => conflict.columns(['incident_id', 'route_id']).doUpdateSet(values))
    .execute();
}

export interface DueCase extends StandingCase {
  incident: IncidentId;
}

export async function dueCases(db: Db, now: number, limit: number): Promise<DueCase[]> {
  const rows = await cases(db).where('due_at', '<=', now).orderBy('due_at').limit(limit).execute();
  return rows.map(toCase);
}

const cases = (db: Db) =>
  db.selectFrom('notify_case').select(['incident_id', 'route_id', 'since', 'tier', 'repeat_at', 'tier_at']);

const toCase = (row: Awaited<ReturnType<ReturnType<typeof cases>['executeTakeFirstOrThrow']>>): DueCase => ({
  incident: IncidentId.parse(row.incident_id),
  routeId: RouteId.parse(row.route_id),
  since: row.since,
  tier: row.tier,
  repeatAt: row.repeat_at,
  tierAt: row.tier_at,
});

export const casesOf = async (db: Db, incident: IncidentId): Promise<DueCase[]> =>
  (await cases(db).where('incident_id', '=', incident).execute()).map(toCase);

/** It is looked at again then, as it stands. */
export async function postponeCase(tx: Tx, { incident, routeId }: Pick<DueCase, 'incident' | 'routeId'>, at: number) {
  await tx
    .updateTable('notify_case')
    .set({ due_at: at })
    .where('incident_id', '=', incident)
    .where('route_id', '=', routeId)
    .execute();
}

export async function nextCaseAt(db: Db): Promise<number | undefined> {
  const row = await db
    .selectFrom('notify_case')
    .select('due_at')
    .where('due_at', 'is not', null)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst();
  return row?.due_at ?? undefined;
}

/** Nothing is told again and nothing climbs; how far it has climbed stays. */
export async function pauseCases(tx: Tx, incident: IncidentId): Promise<void> {
  await tx.updateTable('notify_case').set({ due_at: null }).where('incident_id', '=', incident).execute();
}

/** What was paused goes on: its time is looked at by the clock at once. */
export async function wakeCases(tx: Tx, incident: IncidentId, now: number): Promise<void> {
  await tx
    .updateTable('notify_case')
    .set({ due_at: now })
    .where('incident_id', '=', incident)
    .where('due_at', 'is', null)
    .execute();
}

export async function removeCase(tx: Tx, incident: IncidentId, route?: RouteId): Promise<void> {
  const query = tx.deleteFrom('notify_case').where('incident_id', '=', incident);
  await (route === undefined ? query : query.where('route_id', '=', route)).execute();
}

interface Place {
  channel: string;
  to: string;
  incident: IncidentId;
}

export async function threadOf(db: Db, { channel, to, incident }: Place): Promise<string> {
  const row = await db
    .selectFrom('notify_thread')
    .select('thread')
    .where('channel_id', '=', channel)
    .where('address', '=', to)
    .where('incident_id', '=', incident)
    .executeTakeFirst();
  return row?.thread ?? '';
}

/** The first stays: the others answer it. */
export async function keepThread(tx: Tx, { channel, to, incident }: Place, thread: string): Promise<void> {
  await tx
    .insertInto('notify_thread')
    .values({ channel_id: channel, address: to, incident_id: incident, thread })
    .onConflict((conflict) => conflict.columns(['channel_id', 'address', 'incident_id']).doNothing())
    .execute();
}
