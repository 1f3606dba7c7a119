// Whether who hands an order over may reach every device that it names; relays ask for signatures, this asks for the right.
import { sql } from 'kysely';
import { deviceInScope, type Scope, seesEverything } from '#console/access/scope.ts';
import type { Db } from '#console/store/engine.ts';
import { AppError } from '#shared/base/errors.ts';
import type { Manifest } from '#shared/model/manifest.ts';

/** Throws `not-found` for a device out of reach, as for one that does not exist. */
export async function mustReach(
  db: Db,
  scope: Scope,
  orders: ReadonlyArray<{ manifest: Pick<Manifest, 'site' | 'targets'> }>,
): Promise<void> {
  if (seesEverything(scope)) return;
  for (const { manifest } of orders) {
    const wanted = manifest.targets.map(({ device }) => device);
    const rows = await db
      .selectFrom('device')
      .select('id')
      .where(sql<boolean>`device.id in (select value from json_each(cast(${JSON.stringify(wanted)} as text)))`)
      .where('site_id', '=', manifest.site)
      .where(deviceInScope(scope, 'device.site_id', 'device.id'))
      .execute();
    const reached = new Set<string>(rows.map(({ id }) => id));
    const missing = wanted.find((device) => !reached.has(device));
    if (missing !== undefined) throw new AppError('not-found', `device ${missing} does not exist`);
  }
}
