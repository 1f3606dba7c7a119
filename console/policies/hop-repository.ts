// What learning of gateways reads: the devices of a site with their addresses and what they last told of their network.
import type { Db } from '#console/store/engine.ts';
import { DeviceId, SiteId } from '#shared/base/id.ts';
import type { Hop } from './learnt-parents.ts';

export async function readHops(db: Db, site: SiteId): Promise<Hop[]> {
  const rows = await db
    .selectFrom('device')
    .leftJoin('fact', (join) => join.onRef('fact.device_id', '=', 'device.id').on('fact.kind', '=', 'network'))
    .leftJoin('fact_body', 'fact_body.hash', 'fact.hash')
    .select(['device.id', 'device.address', 'fact_body.body'])
    .where('device.site_id', '=', site)
    .orderBy('device.id')
    .execute();
  return rows.map(({ id, address, body }) => ({
    ...{ id: DeviceId.parse(id), address: address.toLowerCase(), network: body },
  }));
}

/** Every site, or those of these devices. */
export async function allSites(db: Db, devices: readonly string[] | undefined): Promise<SiteId[]> {
  if (devices === undefined) {
    const sites = await db.selectFrom('site').select('id').orderBy('id').execute();
    return sites.map(({ id }) => SiteId.parse(id));
  }
  const found = new Set<string>();
  // SQLite binds 32,766 values at most.
  for (let from = 0; from < devices.length; from += 10_000) {
    const some = devices.slice(from, from + 10_000);
    const rows = await db.selectFrom('device').select('site_id').distinct().where('id', 'in', some).execute();
    for (const { site_id } of rows) found.add(site_id);
  }
  return [...found].map((id) => SiteId.parse(id));
}
