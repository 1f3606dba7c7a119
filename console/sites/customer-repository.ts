// Customers in the database, with the number of their sites and devices.
import { customerInScope, deviceInScope, inScope, type Scope, seesEverything } from '#console/access/scope.ts';
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import { CustomerId } from '#shared/base/id.ts';

export interface Customer {
  id: CustomerId;
  name: string;
  notes: string;
  sites: number;
  devices: number;
  createdAt: number;
}

const customerQuery = (db: Db, scope: Scope) =>
  db
    .selectFrom('customer')
    .select(['customer.id', 'customer.name', 'customer.notes', 'customer.created_at'])
    .select((eb) =>
      eb
        .selectFrom('site')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .whereRef('site.customer_id', '=', 'customer.id')
        .$if(!seesEverything(scope), (query) => query.where(inScope(scope, 'site.id')))
        .as('sites'),
    )
    .select((eb) =>
      eb
        .selectFrom('site')
        .innerJoin('device', 'device.site_id', 'site.id')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .whereRef('site.customer_id', '=', 'customer.id')
        .$if(!seesEverything(scope), (query) => query.where(deviceInScope(scope, 'device.site_id', 'device.id')))
        .as('devices'),
    )
    .where(customerInScope(scope, 'customer.id'));

type CustomerRow = Awaited<ReturnType<ReturnType<typeof customerQuery>['executeTakeFirstOrThrow']>>;

const toCustomer = (row: CustomerRow): Customer => ({
  id: CustomerId.parse(row.id),
  name: row.name,
  notes: row.notes,
  sites: row.sites ?? 0,
  devices: row.devices ?? 0,
  createdAt: row.created_at,
});

/** By name. */
export async function listCustomers(db: Db, scope: Scope): Promise<Customer[]> {
  return (await customerQuery(db, scope).orderBy('customer.name').execute()).map(toCustomer);
}

export async function findCustomer(db: Db, scope: Scope, id: CustomerId): Promise<Customer | undefined> {
  const row = await customerQuery(db, scope).where('customer.id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toCustomer(row);
}

/** Its texts as they stand, kept from other changes until the transaction ends. */
export const lockCustomer = (tx: Tx, scope: Scope, id: CustomerId) =>
  tx
    .selectFrom('customer')
    .select(['name', 'notes'])
    .where(customerInScope(scope, 'customer.id'))
    .where('id', '=', id)
    .$call(lockRows(tx))
    .executeTakeFirst();

/** False when there is one of that name. */
export async function insertCustomer(
  tx: Tx,
  customer: { id: CustomerId; name: string; notes: string; createdAt: number },
): Promise<boolean> {
  const result = await tx
    .insertInto('customer')
    .values({ id: customer.id, name: customer.name, notes: customer.notes, created_at: customer.createdAt })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function updateCustomer(
  tx: Tx,
  id: CustomerId,
  change: { name?: string | undefined; notes?: string | undefined },
): Promise<void> {
  const set = {
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.notes === undefined ? {} : { notes: change.notes }),
  };
  await tx.updateTable('customer').set(set).where('id', '=', id).execute();
}
