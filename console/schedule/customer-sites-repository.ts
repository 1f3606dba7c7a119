// Which sites a customer has, for metrics that are kept by customer.
import type { Db } from '#console/store/engine.ts';
import { CustomerId, SiteId } from '#shared/base/id.ts';

export async function sitesOfCustomers(db: Db): Promise<Map<CustomerId, SiteId[]>> {
  const rows = await db
    .selectFrom('site')
    .innerJoin('customer_retention', 'customer_retention.customer_id', 'site.customer_id')
    .select(['site.id', 'site.customer_id'])
    .execute();
  const sites = new Map<CustomerId, SiteId[]>();
  for (const row of rows) {
    const customer = CustomerId.parse(row.customer_id);
    sites.set(customer, [...(sites.get(customer) ?? []), SiteId.parse(row.id)]);
  }
  return sites;
}
