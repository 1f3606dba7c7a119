// Saved views in the database.
import type { Db, Tx } from '#console/store/engine.ts';
import { ViewId } from '#shared/base/id.ts';

export interface ViewRow {
  id: ViewId;
  personId: string;
  page: string;
  name: string;
  /** JSON: the page's own search parameters. */
  search: string;
  isShared: boolean;
  createdAt: number;
}

const viewQuery = (db: Db) =>
  db.selectFrom('saved_view').select(['id', 'person_id', 'page', 'name', 'search', 'is_shared', 'created_at']);

type StoredView = Awaited<ReturnType<ReturnType<typeof viewQuery>['executeTakeFirstOrThrow']>>;

const toView = (row: StoredView): ViewRow => ({
  id: ViewId.parse(row.id),
  personId: row.person_id,
  page: row.page,
  name: row.name,
  search: row.search,
  isShared: row.is_shared === 1,
  createdAt: row.created_at,
});

/** The person's own and those others share, by name. */
export async function listViews(db: Db, person: string): Promise<ViewRow[]> {
  const rows = await viewQuery(db)
    .where((eb) => eb.or([eb('person_id', '=', person), eb('is_shared', '=', 1)]))
    .orderBy('name')
    .orderBy('id')
    .execute();
  return rows.map(toView);
}

export async function findView(db: Db, id: ViewId): Promise<ViewRow | undefined> {
  const row = await viewQuery(db).where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toView(row);
}

export async function countViews(db: Db, person: string): Promise<number> {
  const query = db.selectFrom('saved_view').select(({ fn }) => fn.countAll<number>().as('n'));
  return (await query.where('person_id', '=', person).executeTakeFirstOrThrow()).n;
}

/** False when the person has a view of that name on that page. */
export async function insertView(tx: Tx, view: ViewRow): Promise<boolean> {
  const result = await tx
    .insertInto('saved_view')
    .values({
      id: view.id,
      person_id: view.personId,
      page: view.page,
      name: view.name,
      search: view.search,
      is_shared: view.isShared ? 1 : 0,
      created_at: view.createdAt,
    })
    .onConflict((conflict) => conflict.columns(['person_id', 'page', 'name']).doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function deleteView(tx: Tx, id: ViewId): Promise<void> {
  await tx.deleteFrom('saved_view').where('id', '=', id).execute();
}
