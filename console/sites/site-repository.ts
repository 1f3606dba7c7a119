// Customers and sites in the database.
import { customerInScope, deviceInScope, inScope, type Scope, seesEverything } from '#console/access/scope.ts';
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import { CustomerId, type RelayId, SiteId } from '#shared/base/id.ts';
import { SiteContact, SiteDefaults } from '#shared/model/site.ts';

export interface Site {
  id: SiteId;
  customerId: CustomerId;
  customerName: string;
  name: string;
  timeZone: string;
  address: string;
  contact: SiteContact;
  notes: string;
  defaults: SiteDefaults;
  isSimulated: boolean;
  devices: number;
  relays: number;
  createdAt: number;
  /** Since when a guardian has stopped it; null while it takes orders. */
  frozenAt: number | null;
}

const siteQuery = (db: Db, scope: Scope) =>
  db
    .selectFrom('site')
    .innerJoin('customer', 'customer.id', 'site.customer_id')
    .select([
      'site.id',
      'site.customer_id',
      'customer.name as customer_name',
      'site.name',
      'site.time_zone',
      'site.address',
      'site.contact_name',
      'site.contact_email',
      'site.contact_phone',
      'site.notes',
      'site.defaults',
      'site.is_simulated',
      'site.created_at',
    ])
    .select((eb) =>
      eb
        .selectFrom('device')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .whereRef('device.site_id', '=', 'site.id')
        .$if(!seesEverything(scope), (query) => query.where(deviceInScope(scope, 'device.site_id', 'device.id')))
        .as('devices'),
    )
    .select((eb) =>
      eb
        .selectFrom('relay')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .whereRef('relay.site_id', '=', 'site.id')
        .where('relay.revoked_at', 'is', null)
        .as('relays'),
    )
    .select((eb) =>
      eb
        .selectFrom('site_brake as freeze')
        .leftJoin('site_brake as thaw', (join) =>
          join
            .onRef('thaw.site_id', '=', 'freeze.site_id')
            .on('thaw.kind', '=', 'thaw')
            .onRef('thaw.at', '>', 'freeze.at'),
        )
        .select('freeze.at')
        .whereRef('freeze.site_id', '=', 'site.id')
        .where('freeze.kind', '=', 'freeze')
        .where('thaw.at', 'is', null)
        .as('frozen_at'),
    )
    .where(inScope(scope, 'site.id'));

type SiteRow = Awaited<ReturnType<ReturnType<typeof siteQuery>['executeTakeFirstOrThrow']>>;

const toSite = (row: SiteRow): Site => ({
  id: SiteId.parse(row.id),
  customerId: CustomerId.parse(row.customer_id),
  customerName: row.customer_name,
  name: row.name,
  timeZone: row.time_zone,
  address: row.address,
  contact: SiteContact.parse({ name: row.contact_name, email: row.contact_email, phone: row.contact_phone }),
  notes: row.notes,
  defaults: SiteDefaults.parse(JSON.parse(row.defaults)),
  isSimulated: row.is_simulated === 1,
  devices: row.devices ?? 0,
  relays: row.relays ?? 0,
  createdAt: row.created_at,
  frozenAt: row.frozen_at === null ? null : Number(row.frozen_at),
});

export async function listSites(db: Db, scope: Scope): Promise<Site[]> {
  const rows = await siteQuery(db, scope).orderBy('customer.name').orderBy('site.name').execute();
  return rows.map(toSite);
}

export async function findSite(db: Db, scope: Scope, id: SiteId): Promise<Site | undefined> {
  const row = await siteQuery(db, scope).where('site.id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toSite(row);
}

export async function isSimulated(tx: Tx, id: SiteId): Promise<boolean> {
  const row = await tx.selectFrom('site').select('is_simulated').where('id', '=', id).executeTakeFirst();
  return row?.is_simulated === 1;
}

export async function findSiteByName(db: Db, scope: Scope, customer: string, name: string): Promise<Site | undefined> {
  const row = await siteQuery(db, scope)
    .where('customer.name', '=', customer)
    .where('site.name', '=', name)
    .executeTakeFirst();
  return row === undefined ? undefined : toSite(row);
}

/** The id of the customer of that name, made if there is none. */
/** The customer of that name, if it may be seen. */
export async function customerNamed(tx: Tx, scope: Scope, name: string): Promise<CustomerId | undefined> {
  const query = tx.selectFrom('customer').select('id').where('name', '=', name);
  const row = await query.where(customerInScope(scope, 'customer.id')).executeTakeFirst();
  return row === undefined ? undefined : CustomerId.parse(row.id);
}

export async function ensureCustomer(
  tx: Tx,
  customer: { id: string; name: string; createdAt: number },
): Promise<string> {
  await tx
    .insertInto('customer')
    .values({ id: customer.id, name: customer.name, created_at: customer.createdAt })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const row = await tx.selectFrom('customer').select('id').where('name', '=', customer.name).executeTakeFirstOrThrow();
  return row.id;
}

export interface NewSiteRow {
  id: SiteId;
  customerId: string;
  name: string;
  timeZone: string;
  address: string;
  contact: SiteContact;
  notes: string;
  defaults: SiteDefaults;
  isSimulated: boolean;
  createdAt: number;
}

/** False when the customer has a site of that name. */
export async function insertSite(tx: Tx, site: NewSiteRow): Promise<boolean> {
  const result = await tx
    .insertInto('site')
    .values({
      id: site.id,
      customer_id: site.customerId,
      name: site.name,
      time_zone: site.timeZone,
      address: site.address,
      ...contactColumns(site.contact),
      notes: site.notes,
      defaults: JSON.stringify(site.defaults),
      is_simulated: site.isSimulated ? 1 : 0,
      created_at: site.createdAt,
    })
    .onConflict((conflict) => conflict.columns(['customer_id', 'name']).doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** What people may change of a site; absent members stay as they are. */
export interface SiteChange {
  name?: string | undefined;
  customerId?: CustomerId | undefined;
  timeZone?: string | undefined;
  address?: string | undefined;
  contact?: SiteContact | undefined;
  notes?: string | undefined;
  defaults?: SiteDefaults | undefined;
}

/** As it stands, kept from other changes until the transaction ends. */
export async function lockSiteTexts(tx: Tx, scope: Scope, id: SiteId): Promise<Required<SiteChange> | undefined> {
  await tx.selectFrom('site').select('id').where('id', '=', id).$call(lockRows(tx)).execute();
  const site = await findSite(tx, scope, id);
  if (site === undefined) return undefined;
  const { name, customerId, timeZone, address, contact, notes, defaults } = site;
  return { name, customerId, timeZone, address, contact, notes, defaults };
}

export async function updateSite(tx: Tx, id: SiteId, site: SiteChange): Promise<void> {
  await tx
    .updateTable('site')
    .set({
      ...(site.name === undefined ? {} : { name: site.name }),
      ...(site.customerId === undefined ? {} : { customer_id: site.customerId }),
      ...(site.timeZone === undefined ? {} : { time_zone: site.timeZone }),
      ...(site.address === undefined ? {} : { address: site.address }),
      ...(site.contact === undefined ? {} : contactColumns(site.contact)),
      ...(site.notes === undefined ? {} : { notes: site.notes }),
      ...(site.defaults === undefined ? {} : { defaults: JSON.stringify(site.defaults) }),
    })
    .where('id', '=', id)
    .execute();
}

const contactColumns = ({ name, email, phone }: SiteContact) => ({
  contact_name: name,
  contact_email: email,
  contact_phone: phone,
});

/** New devices of the site go to the relay that took the place of another. */
export async function replaceDefaultRelay(tx: Tx, id: SiteId, from: RelayId, to: RelayId): Promise<void> {
  const site = await tx
    .selectFrom('site')
    .select('defaults')
    .where('id', '=', id)
    .$call(lockRows(tx))
    .executeTakeFirst();
  if (site === undefined) return;
  const defaults = SiteDefaults.parse(JSON.parse(site.defaults));
  if (defaults.relayId !== from) return;
  const text = JSON.stringify({ ...defaults, relayId: to });
  await tx.updateTable('site').set({ defaults: text }).where('id', '=', id).execute();
}
