// What happened, told by relays: append-only rows, read newest first.
import { deviceInScope, type Scope } from '#console/access/scope.ts';
import { olderThan, type TimeBound } from '#console/store/cursor.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import { DeviceId, type RelayId, type SiteId } from '#shared/base/id.ts';

export type Severity = 'info' | 'warning' | 'critical';

export interface NewEvent {
  siteId: SiteId;
  relayId: RelayId;
  deviceId: DeviceId | null;
  /** By the relay's clock, and by ours. */
  at: number;
  receivedAt: number;
  type: 'state' | 'identity' | 'relay' | 'stream' | 'same-machine';
  severity: Severity;
  code: string | null;
  detail: string;
}

export interface DeviceEvent {
  seq: number;
  at: number;
  receivedAt: number;
  deviceId: DeviceId | null;
  type: string;
  severity: string;
  code: string | null;
  detail: string;
}

// 9 columns a row; SQLite binds 32,766 values at most.
const ROWS_PER_INSERT = 1_000;

export async function insertEvents(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  const rows = events.map((event) => ({
    site_id: event.siteId,
    relay_id: event.relayId,
    device_id: event.deviceId,
    at: event.at,
    received_at: event.receivedAt,
    type: event.type,
    severity: event.severity,
    code: event.code,
    detail: storedText(event.detail),
  }));
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT)
    await tx
      .insertInto('event')
      .values(rows.slice(from, from + ROWS_PER_INSERT))
      .execute();
}

const COLUMNS = ['seq', 'at', 'received_at', 'device_id', 'type', 'severity', 'code', 'detail'] as const;

const eventQuery = (db: Db, scope: Scope, limit: number) =>
  db
    .selectFrom('event')
    .select(COLUMNS)
    .where(deviceInScope(scope, 'event.site_id', 'event.device_id'))
    .orderBy('seq', 'desc')
    .limit(limit);

type EventRow = Awaited<ReturnType<ReturnType<typeof eventQuery>['executeTakeFirstOrThrow']>>;

const toEvent = (row: EventRow): DeviceEvent => ({
  seq: row.seq,
  at: row.at,
  receivedAt: row.received_at,
  deviceId: row.device_id === null ? null : DeviceId.parse(row.device_id),
  type: row.type,
  severity: row.severity,
  code: row.code,
  detail: row.detail,
});

/** Newest first. */
export async function listDeviceEvents(db: Db, scope: Scope, device: DeviceId, limit: number): Promise<DeviceEvent[]> {
  return (await eventQuery(db, scope, limit).where('device_id', '=', device).execute()).map(toEvent);
}

/** By the time they happened, newest first: what a relay told late stands where it belongs. */
export async function deviceEventsBefore(
  db: Db,
  device: DeviceId,
  bound: TimeBound | undefined,
  limit: number,
): Promise<DeviceEvent[]> {
  let query = db
    .selectFrom('event')
    .select(COLUMNS)
    .where('device_id', '=', device)
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .limit(limit);
  if (bound !== undefined) query = query.where(olderThan(bound, 'at', 'seq'));
  return (await query.execute()).map(toEvent);
}

export async function listRelayEvents(db: Db, scope: Scope, relay: RelayId, limit: number): Promise<DeviceEvent[]> {
  return (await eventQuery(db, scope, limit).where('relay_id', '=', relay).execute()).map(toEvent);
}

/** Forgets events received before `at`; returns how many. */
export async function removeEventsBefore(tx: Tx, at: number): Promise<number> {
  const result = await tx.deleteFrom('event').where('received_at', '<', at).executeTakeFirst();
  return Number(result.numDeletedRows);
}
