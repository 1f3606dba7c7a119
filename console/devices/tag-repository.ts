// Tags in the database: one row per device and tag.
import { deviceInScope, inScope, type Scope } from '#console/access/scope.ts';
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import { DeviceId } from '#shared/base/id.ts';
import { SiteDefaults } from '#shared/model/site.ts';

// 2 values a row; SQLite binds 32,766 at most.
const ROWS_PER_INSERT = 1_000;
// Far below the engines' limits on values.
const IDS_PER_STATEMENT = 500;

const chunksOf = function* <T>(all: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
};

/** Returns the devices that got a tag they had not. */
export async function insertTags(
  tx: Tx,
  rows: ReadonlyArray<{ device: DeviceId; tag: string }>,
): Promise<Set<DeviceId>> {
  const got = new Set<DeviceId>();
  for (const some of chunksOf(rows, ROWS_PER_INSERT)) {
    const fresh = await tx
      .insertInto('device_tag')
      .values(some.map(({ device, tag }) => ({ device_id: device, tag })))
      .onConflict((conflict) => conflict.columns(['device_id', 'tag']).doNothing())
      .returning('device_id')
      .execute();
    for (const row of fresh) got.add(DeviceId.parse(row.device_id));
  }
  return got;
}

/** Returns the devices that lost one. */
export async function deleteTags(
  tx: Tx,
  devices: readonly DeviceId[],
  tags: readonly string[],
): Promise<Set<DeviceId>> {
  const lost = new Set<DeviceId>();
  if (tags.length === 0) return lost;
  for (const some of chunksOf(devices, IDS_PER_STATEMENT)) {
    const gone = await tx
      .deleteFrom('device_tag')
      .where('device_id', 'in', some)
      .where('tag', 'in', tags)
      .returning('device_id')
      .execute();
    for (const row of gone) lost.add(DeviceId.parse(row.device_id));
  }
  return lost;
}

/** The first of `devices` that has more than `most` tags, with its name. */
export async function findOvertagged(
  tx: Tx,
  devices: readonly DeviceId[],
  most: number,
): Promise<{ name: string; tags: number } | undefined> {
  for (const some of chunksOf(devices, IDS_PER_STATEMENT)) {
    const row = await tx
      .selectFrom('device_tag')
      .innerJoin('device', 'device.id', 'device_tag.device_id')
      .select(['device.id', 'device.name'])
      .select(({ fn }) => fn.countAll<number>().as('tags'))
      .where('device_tag.device_id', 'in', some)
      .groupBy(['device.id', 'device.name'])
      .having(({ fn }) => fn.countAll<number>(), '>', most)
      .orderBy('device.id')
      .limit(1)
      .executeTakeFirst();
    if (row !== undefined) return { name: row.name, tags: row.tags };
  }
  return undefined;
}

/** In order, with the number of devices that may be seen. */
export async function listTags(db: Db, scope: Scope): Promise<Array<{ tag: string; devices: number }>> {
  return await db
    .selectFrom('device_tag')
    .innerJoin('device', 'device.id', 'device_tag.device_id')
    .select('device_tag.tag')
    .select(({ fn }) => fn.countAll<number>().as('devices'))
    .where(deviceInScope(scope, 'device.site_id', 'device.id'))
    .groupBy('device_tag.tag')
    .orderBy('device_tag.tag')
    .execute();
}

/** Devices that have the tag and may be seen. */
export async function devicesTagged(db: Db, scope: Scope, tag: string): Promise<DeviceId[]> {
  const rows = await db
    .selectFrom('device_tag')
    .innerJoin('device', 'device.id', 'device_tag.device_id')
    .select('device_tag.device_id')
    .where('device_tag.tag', '=', tag)
    .where(deviceInScope(scope, 'device.site_id', 'device.id'))
    .orderBy('device_tag.device_id')
    .execute();
  return rows.map((row) => DeviceId.parse(row.device_id));
}

/** In what new devices of sites begin with. */
export async function renameInDefaults(tx: Tx, scope: Scope, tag: string, to: string): Promise<void> {
  const sites = await tx
    .selectFrom('site')
    .select(['id', 'defaults'])
    // A tag holds nothing that JSON writes otherwise; the text may stand elsewhere in it, so each is read.
    .where('defaults', 'like', `%"tags"%`)
    .where(inScope(scope, 'site.id'))
    .orderBy('id')
    .$call(lockRows(tx))
    .execute();
  for (const { id, defaults } of sites) {
    const before = SiteDefaults.parse(JSON.parse(defaults));
    if (before.tags?.includes(tag) !== true) continue;
    const tags = [...new Set(before.tags.map((one) => (one === tag ? to : one)))];
    const text = JSON.stringify({ ...before, tags });
    await tx.updateTable('site').set({ defaults: text }).where('id', '=', id).execute();
  }
}
