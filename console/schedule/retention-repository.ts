// Customers whose metrics are kept for a time of their own.
import type { Db, Tx } from '#console/store/engine.ts';
import { CustomerId } from '#shared/base/id.ts';
import type { CustomerRetention } from '#shared/contract/maintenance-contract.ts';
import type { RetentionWish } from '#shared/model/retention.ts';

const query = (db: Db) =>
  db
    .selectFrom('customer_retention')
    .innerJoin('customer', 'customer.id', 'customer_retention.customer_id')
    .select(['customer.id', 'customer.name', 'raw_days', 'archive_days', 'changed_at']);

type Row = Awaited<ReturnType<ReturnType<typeof query>['executeTakeFirstOrThrow']>>;

const toRetention = (row: Row): CustomerRetention => ({
  customerId: CustomerId.parse(row.id),
  customerName: row.name,
  retention: {
    ...(row.raw_days === null ? {} : { rawDays: row.raw_days }),
    ...(row.archive_days === null ? {} : { archiveDays: row.archive_days }),
  },
  changedAt: row.changed_at,
});

/** By name. */
export async function listRetentions(db: Db): Promise<CustomerRetention[]> {
  return (await query(db).orderBy('customer.name').execute()).map(toRetention);
}

export async function findRetention(db: Db, customer: CustomerId): Promise<CustomerRetention | undefined> {
  const row = await query(db).where('customer.id', '=', customer).executeTakeFirst();
  return row === undefined ? undefined : toRetention(row);
}

export const isCustomer = async (tx: Tx, id: CustomerId): Promise<boolean> =>
  (await tx.selectFrom('customer').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;

export async function putRetention(tx: Tx, customer: CustomerId, wish: RetentionWish, now: number): Promise<void> {
  const values = { raw_days: wish.rawDays ?? null, archive_days: wish.archiveDays ?? null, changed_at: now };
  await tx
    .insertInto('customer_retention')
    .values({ customer_id: customer, ...values })
    .onConflict((conflict) => conflict.column('customer_id').doUpdateSet(values))
    .execute();
}

/** False when there was none. */
export async function removeRetention(tx: Tx, customer: CustomerId): Promise<boolean> {
  const result = await tx.deleteFrom('customer_retention').where('customer_id', '=', customer).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
