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

/** Those of `ids` that do not exist, or are of another customer. */
export async function missingPlaces(
  db: Db,
  level: 'site' | 'group' | 'device',
  { ids, customer }: { ids: readonly string[]; customer: CustomerId | null },
): Promise<string[]> {
  if (ids.length === 0) return [];
  const named = [...ids];
  const site = db.selectFrom('site').select('site.id').where('site.id', 'in', named);
  const device = db
    .selectFrom('device')
    .innerJoin('site', 'site.id', 'device.site_id')
    .select('device.id')
    .where('device.id', 'in', named);
  const group = db.selectFrom('device_group').select('id').where('id', 'in', named);
  const found = {
    site: () => (customer === null ? site : site.where('site.customer_id', '=', customer)).execute(),
    device: () => (customer === null ? device : device.where('site.customer_id', '=', customer)).execute(),
    group: () => group.execute(),
  };
  const known = new Set((await found[level]()).map(({ id }) => id));
  return named.filter((id) => !known.has(id));
}

/** The site of each of these devices. */
export async function sitesOfDevices(db: Db, ids: readonly DeviceId[]): Promise<Map<string, SiteId>> {
  const sites = new Map<string, SiteId>();
  // SQLite binds 32,766 values at most.
  for (let from = 0; from < ids.length; from += 10_000) {
    const some = ids.slice(from, from + 10_000);
    const rows = await db.selectFrom('device').select(['id', 'site_id']).where('id', 'in', some).execute();
    for (const { id, site_id } of rows) sites.set(id, SiteId.parse(site_id));
  }
  return sites;
}
