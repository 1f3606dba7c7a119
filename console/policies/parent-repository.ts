// What devices hang on, as stored: said by a person, or learnt from where their gateway is.
import { deviceInScope, type Scope } from '#console/access/scope.ts';
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';

export interface ParentSaid {
  parent: { id: DeviceId; name: string; by: 'hand' | 'learnt' } | null;
  /** Somebody said that it hangs on nothing. */
  hasNoParent: boolean;
}

export async function findParent(db: Db, scope: Scope, id: DeviceId): Promise<ParentSaid> {
  const row = await db
    .selectFrom('device')
    .leftJoin('device as parent', 'parent.id', 'device.parent_id')
    .select(['device.parent_by', 'parent.id as parent_id', 'parent.name as parent_name'])
    .where('device.id', '=', id)
    .where(deviceInScope(scope, 'device.site_id', 'device.id'))
    .executeTakeFirst();
  if (row === undefined || row.parent_id === null || row.parent_name === null)
    return { parent: null, hasNoParent: row?.parent_by === 'hand' };
  const by = row.parent_by === 'hand' ? 'hand' : 'learnt';
  return { parent: { id: DeviceId.parse(row.parent_id), name: row.parent_name, by }, hasNoParent: false };
}

export interface HangingDevice {
  id: DeviceId;
  name: string;
  site: SiteId;
  relay: RelayId | null;
  parent: DeviceId | null;
  isByHand: boolean;
}

/** All devices of the site of `id`, kept from other changes until the transaction ends; empty where it may not be seen. */
export async function lockHanging(tx: Tx, scope: Scope, id: DeviceId): Promise<HangingDevice[]> {
  const own = await tx
    .selectFrom('device')
    .select('site_id')
    .where('id', '=', id)
    .where(deviceInScope(scope, 'device.site_id', 'device.id'))
    .executeTakeFirst();
  return own === undefined ? [] : hangingAt(tx, SiteId.parse(own.site_id));
}

export async function hangingAt(tx: Tx, site: SiteId): Promise<HangingDevice[]> {
  const rows = await tx
    .selectFrom('device')
    .select(['id', 'name', 'site_id', 'relay_id', 'parent_id', 'parent_by'])
    .where('site_id', '=', site)
    .orderBy('id')
    .$call(lockRows(tx))
    .execute();
  return rows.map((row) => ({
    id: DeviceId.parse(row.id),
    name: row.name,
    site: SiteId.parse(row.site_id),
    relay: row.relay_id === null ? null : RelayId.parse(row.relay_id),
    parent: row.parent_id === null ? null : DeviceId.parse(row.parent_id),
    isByHand: row.parent_by === 'hand',
  }));
}

export async function setParent(
  tx: Tx,
  id: DeviceId,
  said: { parent: DeviceId | null; by: 'hand' | 'learnt' | null },
): Promise<void> {
  await tx.updateTable('device').set({ parent_id: said.parent, parent_by: said.by }).where('id', '=', id).execute();
}
