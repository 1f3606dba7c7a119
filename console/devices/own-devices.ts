// Which devices a relay may speak of: those it polls. What it says of others is passed over.
import type { Tx } from '#console/store/engine.ts';
import { DeviceId, type RelayId } from '#shared/base/id.ts';

// Far below the engines' limits on values; a batch rarely names more devices.
const IDS_PER_QUERY = 500;

/** Those of `ids` that `relay` polls. */
export async function ownDevices(tx: Tx, relay: RelayId, ids: readonly DeviceId[]): Promise<Set<DeviceId>> {
  const distinct = [...new Set(ids)];
  const own = new Set<DeviceId>();
  for (let from = 0; from < distinct.length; from += IDS_PER_QUERY) {
    const rows = await tx
      .selectFrom('device')
      .select('id')
      .where('id', 'in', distinct.slice(from, from + IDS_PER_QUERY))
      .where('relay_id', '=', relay)
      .execute();
    for (const row of rows) own.add(DeviceId.parse(row.id));
  }
  return own;
}
