// What belongs to sites, counted, locked and deleted. Samples and events are not among it: they stay until their time.
import { setImmediate as pause } from 'node:timers/promises';
import { customerInScope, inScope, type Scope } from '#console/access/scope.ts';
import { type Db, engineOf, type Tx } from '#console/store/engine.ts';
import { type CustomerId, DeviceId, RelayId, SiteId } from '#shared/base/id.ts';

/** What goes with sites. */
export interface Removal {
  sites: number;
  relays: number;
  devices: number;
  facts: number;
  /** Not settled: they end as they stand. */
  openActions: number;
}

export async function sitesOfCustomer(db: Db, scope: Scope, customer: CustomerId): Promise<SiteId[]> {
  const rows = await db
    .selectFrom('site')
    .select('id')
    .where('customer_id', '=', customer)
    .where(inScope(scope, 'site.id'))
    .orderBy('id')
    .execute();
  return rows.map((row) => SiteId.parse(row.id));
}

/** All of them, whoever may see them. */
export async function countSites(tx: Tx, customer: CustomerId): Promise<number> {
  const query = tx.selectFrom('site').select(({ fn }) => fn.countAll<number>().as('n'));
  return (await query.where('customer_id', '=', customer).executeTakeFirstOrThrow()).n;
}

const devicesIn = (db: Db, sites: readonly SiteId[]) =>
  db.selectFrom('device').select('device.id').where('device.site_id', 'in', sites);
const relaysIn = (db: Db, sites: readonly SiteId[]) =>
  db.selectFrom('relay').select('relay.id').where('relay.site_id', 'in', sites);

export async function countOf(db: Db, sites: readonly SiteId[]): Promise<Removal> {
  if (sites.length === 0) return { sites: 0, relays: 0, devices: 0, facts: 0, openActions: 0 };
  const [relays, devices, facts, actions] = [
    await db
      .selectFrom('relay')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('site_id', 'in', sites)
      .where('revoked_at', 'is', null)
      .executeTakeFirstOrThrow(),
    await db
      .selectFrom('device')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('site_id', 'in', sites)
      .executeTakeFirstOrThrow(),
    await db
      .selectFrom('fact')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('device_id', 'in', devicesIn(db, sites))
      .executeTakeFirstOrThrow(),
    await db
      .selectFrom('action')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('relay_id', 'in', relaysIn(db, sites))
      .where('state', 'in', ['queued', 'sent'])
      .executeTakeFirstOrThrow(),
  ];
  return { sites: sites.length, relays: relays.n, devices: devices.n, facts: facts.n, openActions: actions.n };
}

/** Nobody adds a relay, a device or a token to these until the transaction ends. Those that exist, in order. */
export async function lockSites(
  tx: Tx,
  scope: Scope,
  sites: readonly SiteId[],
): Promise<Array<{ id: SiteId; name: string }>> {
  if (sites.length === 0) return [];
  const rows = await tx
    .selectFrom('site')
    .select(['id', 'name'])
    .where('id', 'in', sites)
    .where(inScope(scope, 'site.id'))
    .orderBy('id')
    // Stronger than lockRows: rows that refer to a site wait too.
    .$if(engineOf(tx) === 'postgres', (query) => query.forUpdate())
    .execute();
  return rows.map((row) => ({ id: SiteId.parse(row.id), name: row.name }));
}

export async function lockCustomerRow(tx: Tx, scope: Scope, id: CustomerId): Promise<{ name: string } | undefined> {
  return await tx
    .selectFrom('customer')
    .select('name')
    .where('id', '=', id)
    .where(customerInScope(scope, 'customer.id'))
    .$if(engineOf(tx) === 'postgres', (query) => query.forUpdate())
    .executeTakeFirst();
}

export async function relaysOf(tx: Tx, sites: readonly SiteId[]): Promise<Array<{ id: RelayId; isRevoked: boolean }>> {
  const rows = await relaysIn(tx, sites).select('relay.revoked_at').orderBy('relay.id').execute();
  return rows.map((row) => ({ id: RelayId.parse(row.id), isRevoked: row.revoked_at !== null }));
}

export async function devicesOf(tx: Tx, sites: readonly SiteId[]): Promise<Array<{ id: DeviceId; siteId: SiteId }>> {
  const rows = await devicesIn(tx, sites).select('device.site_id').orderBy('device.id').execute();
  return rows.map((row) => ({ id: DeviceId.parse(row.id), siteId: SiteId.parse(row.site_id) }));
}

// Far below the engines' limits on values.
const ROWS_PER_DELETE = 500;

/** Facts, identifiers, tags and memberships go with their devices: the tables say so. */
export async function deleteSites(
  tx: Tx,
  { sites, relays, devices }: { sites: readonly SiteId[]; relays: readonly RelayId[]; devices: readonly DeviceId[] },
): Promise<void> {
  for (let from = 0; from < devices.length; from += ROWS_PER_DELETE) {
    await tx
      .deleteFrom('device')
      .where('id', 'in', devices.slice(from, from + ROWS_PER_DELETE))
      .execute();
    // 25,000 devices take seconds, and no query but this one would run meanwhile: sockets at least are served.
    await pause();
  }
  await tx.deleteFrom('enrolment_token').where('site_id', 'in', sites).execute();
  for (let from = 0; from < relays.length; from += ROWS_PER_DELETE) {
    const some = relays.slice(from, from + ROWS_PER_DELETE);
    await tx.deleteFrom('enrolment_token').where('replaces_relay_id', 'in', some).execute();
    await tx.deleteFrom('relay').where('id', 'in', some).execute();
  }
  await tx.deleteFrom('charter').where('site_id', 'in', sites).execute();
  await tx.deleteFrom('site').where('id', 'in', sites).execute();
}

export async function deleteCustomer(tx: Tx, id: CustomerId): Promise<void> {
  await tx.deleteFrom('customer').where('id', '=', id).execute();
}
