// Whether an incident is one that somebody may see.
import { deviceInScope, type Scope, seesEverything } from '#console/access/scope.ts';
import type { Db } from '#console/store/engine.ts';
import type { IncidentId } from '#shared/base/id.ts';

export async function incidentSiteInScope(db: Db, scope: Scope, id: IncidentId): Promise<boolean> {
  const row = await db
    .selectFrom('incident')
    .select('id')
    .where('id', '=', id)
    .$if(!seesEverything(scope), (query) => query.where(deviceInScope(scope, 'site_id', 'device_id')))
    .executeTakeFirst();
  return row !== undefined;
}
