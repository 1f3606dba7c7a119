// What came of an action on each device.
import { sql } from 'kysely';
import { olderThan, type TimeBound } from '#console/store/cursor.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import { DeviceId, ManifestId } from '#shared/base/id.ts';
import { CommandState, type OutcomeRecord } from '#shared/model/record.ts';
import { type ActionAttempt, listAttempts } from './attempt-repository.ts';

export interface ActionOutcome {
  deviceId: DeviceId;
  deviceName: string;
  state: CommandState;
  at: number;
  startedAt: number | null;
  finishedAt: number | null;
  exitCode: number | null;
  signal: string | null;
  reason: string | null;
  detail: string | null;
  /** The relay or this answer left something out. */
  isTruncated: boolean;
  /** UTF-8 with invalid bytes replaced: device-made, shown as text only. */
  stdout: string | null;
  stderr: string | null;
  /** Tries that began nothing, the last ones. */
  attempts: ActionAttempt[];
}

// 13 columns a row; SQLite binds 32,766 values at most.
const ROWS_PER_INSERT = 500;

export async function insertTargets(
  tx: Tx,
  action: ManifestId,
  devices: readonly DeviceId[],
  at: number,
  state: 'queued' | 'accepted' = 'queued',
): Promise<void> {
  const rows = devices.map((device) => toRow({ manifest: action, device, at, state }));
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT)
    await tx
      .insertInto('action_outcome')
      .values(rows.slice(from, from + ROWS_PER_INSERT))
      .execute();
}

type NewOutcome = Omit<OutcomeRecord, 'type' | 'state'> & { state: CommandState };

const toRow = (outcome: NewOutcome) => ({
  action_id: outcome.manifest,
  device_id: outcome.device,
  state: outcome.state,
  at: outcome.at,
  started_at: outcome.startedAt ?? null,
  finished_at: outcome.finishedAt ?? null,
  exit_code: outcome.exitCode ?? null,
  signal: outcome.signal === undefined ? null : storedText(outcome.signal, 32),
  reason: outcome.reason ?? null,
  detail: outcome.detail === undefined ? null : storedText(outcome.detail),
  is_truncated: outcome.isTruncated === true ? (1 as const) : (0 as const),
  stdout: outcome.stdout ?? null,
  stderr: outcome.stderr ?? null,
});

export const outcomeKey = (outcome: { manifest: string; device: string }): string =>
  `${outcome.manifest} ${outcome.device}`;

/** States of these actions' devices, by `outcomeKey`; the actions are locked by the caller. */
export async function statesOf(tx: Tx, ids: readonly ManifestId[]): Promise<Map<string, CommandState>> {
  const rows = await tx
    .selectFrom('action_outcome')
    .select(['action_id', 'device_id', 'state'])
    .where('action_id', 'in', ids)
    .execute();
  return new Map(
    rows.map((row) => [outcomeKey({ manifest: row.action_id, device: row.device_id }), CommandState.parse(row.state)]),
  );
}

/** Replaces what was known; the caller has checked that each is a step forward. */
export async function replaceOutcomes(tx: Tx, outcomes: readonly NewOutcome[]): Promise<void> {
  const rows = outcomes.map(toRow);
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT)
    await tx
      .insertInto('action_outcome')
      .values(rows.slice(from, from + ROWS_PER_INSERT))
      .onConflict((conflict) =>
        conflict.columns(['action_id', 'device_id']).doUpdateSet((eb) => ({
          state: eb.ref('excluded.state'),
          at: eb.ref('excluded.at'),
          started_at: eb.fn.coalesce('excluded.started_at', 'action_outcome.started_at'),
          finished_at: eb.ref('excluded.finished_at'),
          exit_code: eb.ref('excluded.exit_code'),
          signal: eb.ref('excluded.signal'),
          reason: eb.ref('excluded.reason'),
          detail: eb.ref('excluded.detail'),
          is_truncated: eb.ref('excluded.is_truncated'),
          stdout: eb.ref('excluded.stdout'),
          stderr: eb.ref('excluded.stderr'),
        })),
      )
      .execute();
}

export interface StateMove {
  from: readonly CommandState[];
  to: CommandState;
  at: number;
  detail?: string;
}

/** Moves every device of these actions that is in one of `from`. */
export async function moveAll(tx: Tx, ids: readonly ManifestId[], { from, to, at, detail }: StateMove): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('action_outcome')
    .set({ state: to, at, ...(detail === undefined ? {} : { detail }) })
    .where('action_id', 'in', ids)
    .where('state', 'in', from)
    .execute();
}

/** Devices per state of each action. */
export async function countStates(
  db: Db,
  ids: readonly ManifestId[],
): Promise<Map<ManifestId, Record<string, number>>> {
  const counts = new Map<ManifestId, Record<string, number>>(ids.map((id) => [id, {}]));
  if (ids.length === 0) return counts;
  const rows = await db
    .selectFrom('action_outcome')
    .select(['action_id', 'state'])
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('action_id', 'in', ids)
    .groupBy(['action_id', 'state'])
    .execute();
  for (const row of rows) {
    const known = counts.get(ManifestId.parse(row.action_id));
    if (known !== undefined) known[row.state] = row.n;
  }
  return counts;
}

// All outputs of one answer together; a page can show no more, and the process must hold it.
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const MAX_OUTPUT_BYTES = 1024 * 1024;

const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : new TextDecoder().decode(bytes));

/** By device; of each output at most its share of 16 MiB, at most 1 MiB. The caller has checked the scope of the action. */
export async function listOutcomes(db: Db, action: ManifestId, targets: number): Promise<ActionOutcome[]> {
  const share = Math.min(MAX_OUTPUT_BYTES, Math.floor(MAX_ANSWER_BYTES / (2 * Math.max(1, targets))));
  const start = (column: 'stdout' | 'stderr') => sql<Uint8Array | null>`substr(${sql.ref(column)}, 1, ${share})`;
  const isLonger = sql<number>`case when length(stdout) > ${share} or length(stderr) > ${share} then 1 else 0 end`;
  const rows = await db
    .selectFrom('action_outcome')
    .leftJoin('device', 'device.id', 'action_outcome.device_id')
    .select([
      'action_outcome.device_id',
      'device.name as device_name',
      'action_outcome.state',
      'action_outcome.at',
      'action_outcome.started_at',
      'action_outcome.finished_at',
      'action_outcome.exit_code',
      'action_outcome.signal',
      'action_outcome.reason',
      'action_outcome.detail',
      'action_outcome.is_truncated',
    ])
    .select([start('stdout').as('stdout'), start('stderr').as('stderr'), isLonger.as('is_longer')])
    .where('action_outcome.action_id', '=', action)
    .orderBy('action_outcome.device_id')
    .execute();
  const tries = await listAttempts(db, action, targets);
  return rows.map((row) => ({
    deviceId: DeviceId.parse(row.device_id),
    deviceName: row.device_name ?? row.device_id,
    state: CommandState.parse(row.state),
    at: row.at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    exitCode: row.exit_code,
    signal: row.signal,
    reason: row.reason,
    detail: row.detail,
    isTruncated: row.is_truncated === 1 || row.is_longer === 1,
    stdout: text(row.stdout),
    stderr: text(row.stderr),
    attempts: tries.get(DeviceId.parse(row.device_id)) ?? [],
  }));
}

/** An action as one of its devices remembers it. */
export interface DeviceAction {
  id: ManifestId;
  /** When it was queued. */
  at: number;
  name: string;
  state: CommandState;
  reason: string;
  createdBy: string;
  exitCode: number | null;
}

/** Newest first. A device has tens of these, seldom thousands: they are put in order when they are read. */
export async function deviceActionsBefore(
  db: Db,
  device: DeviceId,
  bound: TimeBound | undefined,
  limit: number,
): Promise<DeviceAction[]> {
  let query = db
    .selectFrom('action_outcome')
    .innerJoin('action', 'action.id', 'action_outcome.action_id')
    .select(['action.id', 'action.created_at', 'action.name', 'action.reason', 'action.created_by'])
    .select(['action_outcome.state', 'action_outcome.exit_code'])
    .where('action_outcome.device_id', '=', device)
    .orderBy('action.created_at', 'desc')
    .orderBy('action.id', 'desc')
    .limit(limit);
  if (bound !== undefined) query = query.where(olderThan(bound, 'action.created_at', 'action.id'));
  const rows = await query.execute();
  return rows.map((row) => ({
    id: ManifestId.parse(row.id),
    at: row.created_at,
    name: row.name,
    state: CommandState.parse(row.state),
    reason: row.reason,
    createdBy: row.created_by,
    exitCode: row.exit_code,
  }));
}
