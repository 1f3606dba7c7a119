// Devices in the database: what is known of them, who polls them.
import { sql } from 'kysely';
import { z } from 'zod';
import { deviceInScope, type Scope } from '#console/access/scope.ts';
import { type PageOf, type PageRequest, pageFrom, readCursor, TextKey } from '#console/store/cursor.ts';
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import { CustomerId, DeviceId, GroupId, RelayId, SiteId } from '#shared/base/id.ts';
import { FAILURE_REASONS, type FailureReason } from '#shared/base/outcome.ts';
import { DeviceLink, DeviceStatus, DeviceSystem, DeviceType, TransportKind } from '#shared/model/device.ts';
import { DeviceIdentity } from '#shared/model/device-identity.ts';
import { type DeviceWay, findWay } from './way-repository.ts';

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
  spn: string | null;
  realm: string | null;
  share: string | null;
  /** As its relay last told it; null before it did. */
  way: DeviceWay | null;
  /** Set by a person; null while the facts decide. */
  setType: DeviceType | null;
  notes: string;
  links: DeviceLink[];
  /** In order. */
  tags: string[];
  /** Those it was put into by hand. */
  handGroups: GroupId[];
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
  'device.spn',
  'device.realm',
  'device.share',
  'device.identity',
  'device.seen_identity',
  'device.type',
  'device.notes',
  'device.links',
  'device.created_at',
] as const;

const summaryQuery = (db: Db, scope: Scope) =>
  db
    .selectFrom('device')
    .innerJoin('site', 'site.id', 'device.site_id')
    .innerJoin('customer', 'customer.id', 'site.customer_id')
    .select(SUMMARY)
    .where(deviceInScope(scope, 'device.site_id', 'device.id'));

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
    spn: row.spn,
    realm: row.realm,
    share: row.share,
    way: await findWay(db, id),
    identity: parseIdentity(row.identity),
    seenIdentity: parseIdentity(row.seen_identity),
    setType: row.type === null ? null : DeviceType.parse(row.type),
    notes: row.notes,
    links: z.array(DeviceLink).parse(JSON.parse(row.links)),
    tags: await tagsOf(db, id),
    handGroups: await handGroupsOf(db, id),
    createdAt: row.created_at,
  };
}

/** The same, kept from other changes until the transaction ends. */
export async function lockDevice(tx: Tx, scope: Scope, id: DeviceId): Promise<DeviceDetail | undefined> {
  await tx.selectFrom('device').select('id').where('id', '=', id).$call(lockRows(tx)).execute();
  return findDevice(tx, scope, id);
}

async function tagsOf(db: Db, id: DeviceId): Promise<string[]> {
  const rows = await db.selectFrom('device_tag').select('tag').where('device_id', '=', id).orderBy('tag').execute();
  return rows.map((row) => row.tag);
}

async function handGroupsOf(db: Db, id: DeviceId): Promise<GroupId[]> {
  const query = db.selectFrom('device_group_member').select('group_id').where('device_id', '=', id);
  return (await query.orderBy('group_id').execute()).map((row) => GroupId.parse(row.group_id));
}

export async function countByStatus(db: Db, scope: Scope): Promise<Record<DeviceStatus, number>> {
  const rows = await db
    .selectFrom('device')
    .select(['status'])
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where(deviceInScope(scope, 'device.site_id', 'device.id'))
    .groupBy('status')
    .execute();
  const counts = { up: 0, down: 0, unknown: 0, 'identity-changed': 0 };
  for (const row of rows) counts[DeviceStatus.parse(row.status)] = row.n;
  return counts;
}

export interface NewDeviceRow {
  id: DeviceId;
  siteId: SiteId;
  /** Null: nobody polls it yet. */
  relayId: RelayId | null;
  name: string;
  transport: TransportKind;
  address: string;
  port: number | null;
  credential: string | null;
  intervalMs: number;
  spn?: string | null | undefined;
  realm?: string | null | undefined;
  share?: string | null | undefined;
  isSimulated: boolean;
  system: DeviceSystem;
  hostname: string | null;
  type: DeviceType | null;
  notes: string;
  links?: readonly DeviceLink[] | undefined;
  createdAt: number;
}

// 25 columns a row; SQLite binds 32,766 values at most.
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
    spn: device.spn ?? null,
    realm: device.realm ?? null,
    share: device.share ?? null,
    is_simulated: device.isSimulated ? (1 as const) : (0 as const),
    status: 'unknown',
    status_reason: null,
    status_detail: null,
    status_at: null,
    system: device.system,
    hostname: device.hostname,
    identity: null,
    seen_identity: null,
    type: device.type,
    notes: device.notes,
    links: JSON.stringify(device.links ?? []),
    created_at: device.createdAt,
  }));
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT)
    await tx
      .insertInto('device')
      .values(rows.slice(from, from + ROWS_PER_INSERT))
      .execute();
}

/** What people may change; absent members stay as they are. */
export interface DeviceChange {
  name?: string | undefined;
  transport?: TransportKind | undefined;
  address?: string | undefined;
  port?: number | null | undefined;
  credential?: string | null | undefined;
  intervalMs?: number | undefined;
  spn?: string | null | undefined;
  realm?: string | null | undefined;
  share?: string | null | undefined;
  relayId?: RelayId | undefined;
  type?: DeviceType | null | undefined;
  notes?: string | undefined;
  links?: DeviceLink[] | undefined;
}

export async function updateDevice(tx: Tx, id: DeviceId, change: DeviceChange): Promise<void> {
  await tx
    .updateTable('device')
    .set({
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.transport === undefined ? {} : { transport: change.transport }),
      ...(change.address === undefined ? {} : { address: change.address }),
      ...(change.port === undefined ? {} : { port: change.port }),
      ...(change.credential === undefined ? {} : { credential: change.credential }),
      ...(change.intervalMs === undefined ? {} : { interval_ms: change.intervalMs }),
      ...(change.spn === undefined ? {} : { spn: change.spn }),
      ...(change.realm === undefined ? {} : { realm: change.realm }),
      ...(change.share === undefined ? {} : { share: change.share }),
      ...(change.type === undefined ? {} : { type: change.type }),
      ...(change.notes === undefined ? {} : { notes: change.notes }),
      ...(change.links === undefined ? {} : { links: JSON.stringify(change.links) }),
      // What another relay saw of it is no word of this one.
      ...(change.relayId === undefined ? {} : { relay_id: change.relayId, ...NOT_SEEN }),
    })
    .where('id', '=', id)
    .execute();
}

const NOT_SEEN = { status: 'unknown', status_reason: null, status_detail: null } as const;

export async function deleteDevice(tx: Tx, id: DeviceId): Promise<void> {
  await tx.deleteFrom('device').where('id', '=', id).execute();
}

// Far below the engines' limits on values.
const IDS_PER_STATEMENT = 500;

export interface PlacedDevice {
  id: DeviceId;
  name: string;
  address: string;
  siteId: SiteId;
  relayId: RelayId | null;
}

/** Those of `ids` that exist and may be seen, locked, in order of their ids. */
export async function lockDevices(tx: Tx, scope: Scope, ids: readonly DeviceId[]): Promise<PlacedDevice[]> {
  const sorted = [...new Set(ids)].sort();
  const found: PlacedDevice[] = [];
  for (let from = 0; from < sorted.length; from += IDS_PER_STATEMENT) {
    const rows = await tx
      .selectFrom('device')
      .select(['id', 'name', 'address', 'site_id', 'relay_id'])
      .where('id', 'in', sorted.slice(from, from + IDS_PER_STATEMENT))
      .where(deviceInScope(scope, 'device.site_id', 'device.id'))
      .orderBy('id')
      .$call(lockRows(tx))
      .execute();
    for (const row of rows)
      found.push({
        id: DeviceId.parse(row.id),
        name: row.name,
        address: row.address,
        siteId: SiteId.parse(row.site_id),
        relayId: row.relay_id === null ? null : RelayId.parse(row.relay_id),
      });
  }
  return found;
}

export async function deleteDevices(tx: Tx, ids: readonly DeviceId[]): Promise<void> {
  for (let from = 0; from < ids.length; from += IDS_PER_STATEMENT)
    await tx
      .deleteFrom('device')
      .where('id', 'in', ids.slice(from, from + IDS_PER_STATEMENT))
      .execute();
}
