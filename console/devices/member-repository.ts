// Members of groups by hand, in the database.
import { deviceInScope, type Scope } from '#console/access/scope.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import { DeviceId, GroupId } from '#shared/base/id.ts';

// Far below the engines' limits on values.
const ROWS_PER_STATEMENT = 500;

/** Into groups by hand that exist; others are passed over, as are devices that are members. Returns who is new. */
export async function insertMembers(
  tx: Tx,
  group: GroupId,
  devices: readonly DeviceId[],
  scope?: Scope,
): Promise<DeviceId[]> {
  const added: DeviceId[] = [];
  for (let from = 0; from < devices.length; from += ROWS_PER_STATEMENT) {
    const some = devices.slice(from, from + ROWS_PER_STATEMENT);
    const rows = await tx
      .insertInto('device_group_member')
      .columns(['group_id', 'device_id'])
      .expression((eb) => {
        const pairs = eb
          .selectFrom('device')
          .innerJoin('device_group', (join) => join.on('device_group.id', '=', group))
          .select(['device_group.id as group_id', 'device.id as device_id'])
          .where('device_group.kind', '=', 'hand')
          .where('device.id', 'in', some);
        return scope === undefined ? pairs : pairs.where(deviceInScope(scope, 'device.site_id', 'device.id'));
      })
      .onConflict((conflict) => conflict.columns(['group_id', 'device_id']).doNothing())
      .returning('device_id')
      .execute();
    added.push(...rows.map((row) => DeviceId.parse(row.device_id)));
  }
  return added;
}

/** Returns who was one. */
export async function deleteMembers(tx: Tx, group: GroupId, devices: readonly DeviceId[]): Promise<DeviceId[]> {
  const removed: DeviceId[] = [];
  for (let from = 0; from < devices.length; from += ROWS_PER_STATEMENT) {
    const rows = await tx
      .deleteFrom('device_group_member')
      .where('group_id', '=', group)
      .where('device_id', 'in', devices.slice(from, from + ROWS_PER_STATEMENT))
      .returning('device_id')
      .execute();
    removed.push(...rows.map((row) => DeviceId.parse(row.device_id)));
  }
  return removed;
}

/** Members by hand of every group that has any, as far as they may be seen. */
export async function countMembers(db: Db, scope: Scope): Promise<Map<GroupId, number>> {
  const rows = await db
    .selectFrom('device_group_member')
    .innerJoin('device', 'device.id', 'device_group_member.device_id')
    .select('device_group_member.group_id')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where(deviceInScope(scope, 'device.site_id', 'device.id'))
    .groupBy('device_group_member.group_id')
    .execute();
  return new Map(rows.map((row) => [GroupId.parse(row.group_id), row.n]));
}
