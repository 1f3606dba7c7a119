// Where devices stand, as membership asks for it: their site and customer, and what each hangs on.
import { deviceInScope, inScope, type Scope } from '#console/access/scope.ts';
import type { Db } from '#console/store/engine.ts';
import { CustomerId, DeviceId, type RelayId, SiteId } from '#shared/base/id.ts';

/** A device as layers see it. */
export interface PlacedDevice {
  id: DeviceId;
  name: string;
  site: SiteId;
  customer: CustomerId;
  relay: string | null;
  parent: DeviceId | null;
}

const query = (db: Db) =>
  db
    .selectFrom('device')
    .innerJoin('site', 'site.id', 'device.site_id')
    .select([
      'device.id',
      'device.name',
      'device.site_id',
      'site.customer_id',
      'device.relay_id',
      'device.parent_id',
    ] as const);
type Row = Awaited<ReturnType<ReturnType<typeof query>['executeTakeFirstOrThrow']>>;

const toPlaced = (row: Row): PlacedDevice => ({
  id: DeviceId.parse(row.id),
  name: row.name,
  site: SiteId.parse(row.site_id),
  customer: CustomerId.parse(row.customer_id),
  relay: row.relay_id,
  parent: row.parent_id === null ? null : DeviceId.parse(row.parent_id),
});

export async function placedOfRelay(db: Db, relay: RelayId): Promise<PlacedDevice[]> {
  return (await query(db).where('device.relay_id', '=', relay).orderBy('device.id').execute()).map(toPlaced);
}

export async function placedOfSites(db: Db, sites: readonly SiteId[]): Promise<PlacedDevice[]> {
  if (sites.length === 0) return [];
  const rows = await query(db)
    .where('device.site_id', 'in', [...sites])
    .orderBy('device.id')
    .execute();
  return rows.map(toPlaced);
}

export async function placedDevice(db: Db, scope: Scope, id: DeviceId): Promise<PlacedDevice | undefined> {
  const row = await query(db)
    .where('device.id', '=', id)
    .where(deviceInScope(scope, 'device.site_id', 'device.id'))
    .executeTakeFirst();
  return row === undefined ? undefined : toPlaced(row);
}

export interface PlacedSite {
  id: SiteId;
  name: string;
  customer: CustomerId;
  customerName: string;
}

/** By customer and name. */
export async function placedSites(db: Db, scope: Scope): Promise<PlacedSite[]> {
  const rows = await db
    .selectFrom('site')
    .innerJoin('customer', 'customer.id', 'site.customer_id')
    .select(['site.id', 'site.name', 'site.customer_id', 'customer.name as customer_name'])
    .where(inScope(scope, 'site.id'))
    .orderBy('customer.name')
    .orderBy('site.name')
    .execute();
  return rows.map((row) => ({
    id: SiteId.parse(row.id),
    name: row.name,
    customer: CustomerId.parse(row.customer_id),
    customerName: row.customer_name,
  }));
}
