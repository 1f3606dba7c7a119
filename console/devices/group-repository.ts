// Groups in the database: what they are called, their rules, and which of them narrow others.
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import { GroupId } from '#shared/base/id.ts';
import { GroupKind } from '#shared/model/group.ts';

export interface GroupRow {
  id: GroupId;
  name: string;
  description: string;
  kind: GroupKind;
  /** The filter of a rule group. */
  rule: string | null;
  /** The group it narrows. */
  parentId: GroupId | null;
  isShipped: boolean;
  createdAt: number;
}

const groupQuery = (db: Db) =>
  db
    .selectFrom('device_group')
    .select(['id', 'name', 'description', 'kind', 'rule', 'parent_id', 'is_shipped', 'created_at']);

type StoredGroup = Awaited<ReturnType<ReturnType<typeof groupQuery>['executeTakeFirstOrThrow']>>;

const toGroup = (row: StoredGroup): GroupRow => ({
  id: GroupId.parse(row.id),
  name: row.name,
  description: row.description,
  kind: GroupKind.parse(row.kind),
  rule: row.rule,
  parentId: row.parent_id === null ? null : GroupId.parse(row.parent_id),
  isShipped: row.is_shipped === 1,
  createdAt: row.created_at,
});

/** By name. Groups are the console's own, of no site: whoever is signed in knows their names. */
export async function listGroups(db: Db): Promise<GroupRow[]> {
  return (await groupQuery(db).orderBy('name').execute()).map(toGroup);
}

/** All of them, kept from other changes: whether one fits is asked of all. In order of id. */
export async function lockGroups(tx: Tx): Promise<GroupRow[]> {
  return (await groupQuery(tx).orderBy('id').$call(lockRows(tx)).execute()).map(toGroup);
}

export async function lockGroup(tx: Tx, id: GroupId): Promise<GroupRow | undefined> {
  const row = await groupQuery(tx).where('id', '=', id).$call(lockRows(tx)).executeTakeFirst();
  return row === undefined ? undefined : toGroup(row);
}

export async function insertGroup(tx: Tx, group: GroupRow): Promise<void> {
  await tx
    .insertInto('device_group')
    .values({
      id: group.id,
      name: group.name,
      description: group.description,
      kind: group.kind,
      rule: group.rule,
      parent_id: group.parentId,
      is_shipped: group.isShipped ? 1 : 0,
      created_at: group.createdAt,
    })
    .execute();
}

export async function updateGroup(tx: Tx, group: GroupRow): Promise<void> {
  const { name, description, rule, parentId } = group;
  await tx
    .updateTable('device_group')
    .set({ name, description, rule, parent_id: parentId })
    .where('id', '=', group.id)
    .execute();
}

export async function setRule(tx: Tx, id: GroupId, rule: string): Promise<void> {
  await tx.updateTable('device_group').set({ rule }).where('id', '=', id).execute();
}

/** Its members by hand go with it; the devices stay. */
export async function deleteGroup(tx: Tx, id: GroupId): Promise<void> {
  await tx.deleteFrom('device_group').where('id', '=', id).execute();
}

/** Sites whose new devices begin in the group. */
export async function sitesThatGive(tx: Tx, id: GroupId): Promise<string[]> {
  // The id stands in the JSON text as it is, and in no other member of it.
  const rows = await tx
    .selectFrom('site')
    .select('name')
    .where('defaults', 'like', `%"${id}"%`)
    .orderBy('name')
    .execute();
  return rows.map((row) => row.name);
}
