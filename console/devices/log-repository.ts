// Entries of devices' event logs in the database: stored once, bounded per device, read newest first.
import { sql } from 'kysely';
import { z } from 'zod';
import { deviceInScope, type Scope } from '#console/access/scope.ts';
import { type PageOf, type PageRequest, pageFrom, readCursor } from '#console/store/cursor.ts';
import { type Db, engineOf, type Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { EventLevel, type EventRecord } from '#shared/model/record.ts';

export interface LogEntry {
  seq: number;
  at: number;
  log: string;
  entry: number;
  source: string;
  code: number;
  level: EventLevel;
  message: string;
  /** So many entries before this one were passed over. */
  dropped: number | null;
}

// 9 values a row; SQLite binds 32,766 at most.
const ROWS_PER_INSERT = 500;

/** What is there already is the same entry: a batch that comes twice changes nothing. */
export async function insertEntries(tx: Tx, records: readonly EventRecord[]): Promise<void> {
  // In one order, so that two transactions never wait for each other; of one device it is that of time.
  const sorted = [...records].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const rows = sorted.map(({ device, log, entry, at, source, code, level, message, dropped }) => ({
    device_id: device,
    log: storedText(log, 255),
    entry,
    at,
    source: storedText(source, 255),
    code,
    level,
    message: storedText(message, 4_000),
    dropped: dropped ?? null,
  }));
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT)
    await tx
      .insertInto('device_event')
      .values(rows.slice(from, from + ROWS_PER_INSERT))
      .onConflict((conflict) => conflict.columns(['device_id', 'log', 'entry', 'at']).doNothing())
      .execute();
}

const orderOf = ({ device, at, log, entry }: EventRecord): string =>
  `${device} ${String(at).padStart(16, '0')} ${String(entry).padStart(16, '0')} ${log}`;

/** Forgets all but the `kept` entries of a device that came last. */
export async function trimEntries(tx: Tx, device: DeviceId, kept: number): Promise<void> {
  const newest = tx.selectFrom('device_event').select('seq').where('device_id', '=', device).orderBy('seq', 'desc');
  const first = await newest.offset(kept).limit(1).executeTakeFirst();
  if (first === undefined) return;
  await tx.deleteFrom('device_event').where('device_id', '=', device).where('seq', '<=', first.seq).execute();
}

export interface LogFilter {
  log?: string | undefined;
  levels?: readonly EventLevel[] | undefined;
  source?: string | undefined;
  code?: number | undefined;
  /** Part of the message or the source, in whatever case. */
  text?: string | undefined;
  /** Times at which they happened; `to` is not among them. */
  from?: number | undefined;
  to?: number | undefined;
}

const Key = z.tuple([z.int(), z.int()]);

const COLUMNS = [
  'device_event.seq',
  'device_event.at',
  'device_event.log',
  'device_event.entry',
  'device_event.source',
  'device_event.code',
  'device_event.level',
  'device_event.message',
  'device_event.dropped',
] as const;

/** By the time they happened, newest first. */
export async function listEntries(
  db: Db,
  scope: Scope,
  of: { device: DeviceId; filter: LogFilter },
  page: PageRequest,
): Promise<PageOf<LogEntry>> {
  const after = readCursor(page.cursor, Key);
  let query = logQuery(db, scope, of.device)
    .select(COLUMNS)
    .orderBy('device_event.at', 'desc')
    .orderBy('device_event.seq', 'desc')
    .limit(page.limit + 1);
  const { log, levels, source, code, text, from, to } = of.filter;
  if (log !== undefined) query = query.where('device_event.log', '=', log);
  if (levels !== undefined) query = query.where('device_event.level', 'in', levels);
  if (source !== undefined) query = query.where('device_event.source', '=', source);
  if (code !== undefined) query = query.where('device_event.code', '=', code);
  if (text !== undefined) query = query.where(holds(db, text));
  if (from !== undefined) query = query.where('device_event.at', '>=', from);
  if (to !== undefined) query = query.where('device_event.at', '<', to);
  if (after !== undefined)
    query = query.where(sql<boolean>`(device_event.at, device_event.seq) < (${after[0]}, ${after[1]})`);
  return pageFrom(await query.execute(), page.limit, toEntry, (row) => [row.at, row.seq]);
}

/** Without regard to case: SQLite's like takes A for a but not Ä for ä, PostgreSQL's ilike both. A percent sign is a percent sign. */
function holds(db: Db, text: string) {
  const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const like = engineOf(db) === 'postgres' ? sql`ilike` : sql`like`;
  return sql<boolean>`(device_event.message ${like} ${pattern} escape '\\' or device_event.source ${like} ${pattern} escape '\\')`;
}

const logQuery = (db: Db, scope: Scope, device: DeviceId) =>
  db
    .selectFrom('device_event')
    .innerJoin('device', 'device.id', 'device_event.device_id')
    .where('device_event.device_id', '=', device)
    .where(deviceInScope(scope, 'device.site_id', 'device.id'));

/** Which logs there are entries of, by name, and how many of each. */
export async function countLogs(
  db: Db,
  scope: Scope,
  device: DeviceId,
): Promise<Array<{ log: string; entries: number }>> {
  return await logQuery(db, scope, device)
    .select('device_event.log')
    .select(({ fn }) => fn.countAll<number>().as('entries'))
    .groupBy('device_event.log')
    .orderBy('device_event.log')
    .execute();
}

type Row = Omit<LogEntry, 'level'> & { level: string };

const toEntry = (row: Row): LogEntry => ({ ...row, level: EventLevel.parse(row.level) });
