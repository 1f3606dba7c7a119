// Whom a relay is believed about: the devices that the console's records have at its site.
import type { Db } from '#console/store/engine.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';

export async function siteDevices(db: Db, site: SiteId): Promise<DeviceId[]> {
  const rows = await db.selectFrom('device').select('id').where('site_id', '=', site).execute();
  return rows.map(({ id }) => id as DeviceId); // only the console writes this column
}
