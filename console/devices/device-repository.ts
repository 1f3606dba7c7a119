// Devices in the database: what is known of them, who polls them.
import { sql } from 'kysely';
import { inScope, type Scope } from '#console/access/scope.ts';
import { type PageOf, type PageRequest, pageFrom, readCursor, TextKey } from '#console/store/cursor.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import { CustomerId, DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import { FAILURE_REASONS, type FailureReason } from '#shared/base/outcome.ts';
import { DeviceStatus, DeviceSystem, TransportKind } from '#shared/model/device.ts';
import { DeviceIdentity } from '#shared/model/device-identity.ts';

export interface Device {
  id: DeviceId;
  name: string;
  siteId: SiteId;
  siteName: string;
  customerId: CustomerId;
  customerName: string;
  /** Who polls it; null when nobody does. */
  relayId: RelayId | null;
  transport: TransportKind;
  address: string;
  port: number | null;
  isSimulated: boolean;
  status: DeviceStatus;
  statusReason: FailureReason | null;
  statusDetail: string | null;
  statusAt: number | null;
  system: DeviceSystem;
  hostname: string | null;
  intervalMs: number;
}

export interface DeviceDetail extends Device {
  credential: string | null;
  /** What its relay pinned. */
  identity: DeviceIdentity | null;
  /** What another machine showed at this address, until somebody accepts it. */
  seenIdentity: DeviceIdentity | null;
  createdAt: number;
}

const SUMMARY = [
  'device.id',
  'device.name',
  'device.site_id',
  'site.name as site_name',
  'site.customer_id',
  'customer.name as customer_name',
  'device.relay_id',
  'device.transport',
  'device.address',
  'device.port',
  'device.is_simulated',
  'device.status',
  'device.status_reason',
  'device.status_detail',
  'device.status_at',
  'device.system',
  'device.hostname',
  'device.interval_ms',
] as const;
const DETAIL = [
  ...SUMMARY,
  'device.credential',
  'device.identity',
  'device.seen_identity',
  'device.created_at',
] as const;

const summaryQuery = (db: Db, scope: Scope) =>
  db
    .selectFrom('device')
    .innerJoin('site', 'site.id', 'device.site_id')
    .innerJoin('customer', 'customer.id', 'site.customer_id')
    .select(SUMMARY)
    .where(inScope(scope, 'device.site_id'));

type SummaryRow = Awaited<ReturnType<ReturnType<typeof summaryQuery>['executeTakeFirstOrThrow']>>;

const reasonOf = (text: string | null): FailureReason | null =>
  FAILURE_REASONS.find((reason) => reason === text) ?? null;

const toDevice = (row: SummaryRow): Device => ({
  id: DeviceId.parse(row.id),
  name: row.name,
  siteId: SiteId.parse(row.site_id),
  siteName: row.site_name,
  customerId: CustomerId.parse(row.customer_id),
  customerName: row.customer_name,
  relayId: row.relay_id === null ? null : RelayId.parse(row.relay_id),
  transport: TransportKind.parse(row.transport),
  address: row.address,
  port: row.port,
  isSimulated: row.is_simulated === 1,
  status: DeviceStatus.parse(row.status),
  statusReason: reasonOf(row.status_reason),
  statusDetail: row.status_detail,
  statusAt: row.status_at,
  system: DeviceSystem.parse(row.system),
  hostname: row.hostname,
  intervalMs: row.interval_ms,
});

export const parseIdentity = (text: string | null): DeviceIdentity | null =>
  text === null ? null : DeviceIdentity.parse(JSON.parse(text));

export interface DeviceFilter extends PageRequest {
  siteId?: SiteId | undefined;
}

/** By name. */
export async function listDevices(db: Db, scope: Scope, filter: DeviceFilter): Promise<PageOf<Device>> {
  const after = readCursor(filter.cursor, TextKey);
  let query = summaryQuery(db, scope)
    .orderBy('device.name')
    .orderBy('device.id')
    .limit(filter.limit + 1);
  if (filter.siteId !== undefined) query = query.where('device.site_id', '=', filter.siteId);
  // A row value, so that both engines begin at the cursor's place in the index.
  if (after !== undefined)
    query = query.where(
      sql<boolean>`(${sql.ref('device.name')}, ${sql.ref('device.id')}) > (${after[0]}, ${after[1]})`,
    );
  return pageFrom(await query.execute(), filter.limit, toDevice, (row) => [row.name, row.id]);
}

export async function findDevice(db: Db, scope: Scope, id: DeviceId): Promise<DeviceDetail | undefined> {
  const row = await summaryQuery(db, scope).clearSelect().select(DETAIL).where('device.id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    ...toDevice(row),
    credential: row.credential,
    identity: parseIdentity(row.identity),
    seenIdentity: parseIdentity(row.seen_identity),
    createdAt: row.created_at,
  };
}

export async function countByStatus(db: Db, scope: Scope): Promise<Record<DeviceStatus, number>> {
  const rows = await db
    .selectFrom('device')
    .select(['status'])
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where(inScope(scope, 'device.site_id'))
    .groupBy('status')
    .execute();
  const counts = { up: 0, down: 0, unknown: 0, 'identity-changed': 0 };
  for (const row of rows) counts[DeviceStatus.parse(row.status)] = row.n;
  return counts;
}

export interface NewDeviceRow {
  id: DeviceId;
  siteId: SiteId;
  relayId: RelayId;
  name: string;
  transport: TransportKind;
  address: string;
  port: number | null;
  credential: string | null;
  intervalMs: number;
  isSimulated: boolean;
  system: DeviceSystem;
  hostname: string | null;
  createdAt: number;
}

// 19 columns a row; SQLite binds 32,766 values at most.
const ROWS_PER_INSERT = 500;

export async function insertDevices(tx: Tx, devices: readonly NewDeviceRow[]): Promise<void> {
  const rows = devices.map((device) => ({
    id: device.id,
    site_id: device.siteId,
    relay_id: device.relayId,
    name: device.name,
    transport: device.transport,
    address: device.address,
    port: device.port,
    credential: device.credential,
    interval_ms: device.intervalMs,
    is_simulated: device.isSimulated ? (1 as const) : (0 as const),
    status: 'unknown',
    status_reason: null,
    status_detail: null,
    status_at: null,
    system: device.system,
    hostname: device.hostname,
    identity: null,
    seen_identity: null,
    created_at: device.createdAt,
  }));
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT)
    await tx
      .insertInto('device')
      .values(rows.slice(from, from + ROWS_PER_INSERT))
      .execute();
}

/** How a relay reaches it. */
export interface DeviceReach {
  name?: string | undefined;
  transport?: TransportKind | undefined;
  address?: string | undefined;
  port?: number | null | undefined;
  credential?: string | null | undefined;
  intervalMs?: number | undefined;
}

export async function updateReach(tx: Tx, id: DeviceId, reach: DeviceReach): Promise<void> {
  const set = {
    ...(reach.name === undefined ? {} : { name: reach.name }),
    ...(reach.transport === undefined ? {} : { transport: reach.transport }),
    ...(reach.address === undefined ? {} : { address: reach.address }),
    ...(reach.port === undefined ? {} : { port: reach.port }),
    ...(reach.credential === undefined ? {} : { credential: reach.credential }),
    ...(reach.intervalMs === undefined ? {} : { interval_ms: reach.intervalMs }),
  };
  if (Object.keys(set).length > 0) await tx.updateTable('device').set(set).where('id', '=', id).execute();
}

export async function deleteDevice(tx: Tx, id: DeviceId): Promise<void> {
  await tx.deleteFrom('device').where('id', '=', id).execute();
}
