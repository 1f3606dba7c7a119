// Layers, windows and local routes as stored, and where layers stand.
import { type Expression, type SqlBool, sql } from 'kysely';
import { customerInScope, type Scope } from '#console/access/scope.ts';
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import { WatchPart } from '#shared/model/watch-part.ts';

const query = (db: Db) =>
  db
    .selectFrom('watch_part')
    .select(['watch_part.id', 'kind', 'customer_id', 'body', 'changed_at', 'changed_by', 'removed_at']);
type Row = Awaited<ReturnType<ReturnType<typeof query>['executeTakeFirstOrThrow']>>;

const toPart = (row: Row, places: readonly string[]): WatchPart =>
  WatchPart.parse({
    kind: row.kind,
    body: JSON.parse(row.body),
    ...(row.kind === 'layer' ? { places: [...places] } : {}),
    customerId: row.customer_id,
    changedAt: row.changed_at,
    changedBy: row.changed_by,
    isRemoved: row.removed_at !== null,
  });

/** What is for every customer is seen by all who may read policies. */
const seen = (scope: Scope): Expression<SqlBool> =>
  sql<SqlBool>`(watch_part.customer_id is null or ${customerInScope(scope, 'watch_part.customer_id')})`;

async function placesOf(db: Db, layers: readonly string[]): Promise<Map<string, string[]>> {
  if (layers.length === 0) return new Map();
  const rows = await db
    .selectFrom('watch_place')
    .select(['layer_id', 'place_id'])
    .where('layer_id', 'in', [...layers])
    .orderBy('layer_id')
    .orderBy('place_id')
    .execute();
  const places = new Map<string, string[]>();
  for (const { layer_id, place_id } of rows) places.set(layer_id, [...(places.get(layer_id) ?? []), place_id]);
  return places;
}

async function withPlaces(db: Db, rows: readonly Row[]): Promise<WatchPart[]> {
  const layers = rows.filter(({ kind }) => kind === 'layer').map(({ id }) => id);
  const places = await placesOf(db, layers);
  return rows.map((row) => toPart(row, places.get(row.id) ?? []));
}

/** In the order of their making; removed ones that may still be in force too. */
export async function listParts(db: Db, scope: Scope): Promise<WatchPart[]> {
  return withPlaces(db, await query(db).where(seen(scope)).orderBy('watch_part.id').execute());
}

export async function lockPart(tx: Tx, scope: Scope, id: string): Promise<WatchPart | undefined> {
  const rows = await query(tx).where('id', '=', id).where(seen(scope)).$call(lockRows(tx)).execute();
  return (await withPlaces(tx, rows))[0];
}

/** Layers by id, whoever asks: what a signed document names. */
export async function layersById(db: Db, ids: readonly string[]): Promise<WatchPart[]> {
  return ids.length === 0
    ? []
    : withPlaces(
        db,
        await query(db)
          .where('id', 'in', [...ids])
          .execute(),
      );
}

export async function countParts(tx: Tx, kind: WatchPart['kind']): Promise<number> {
  const { count } = await tx
    .selectFrom('watch_part')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('kind', '=', kind)
    .where('removed_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function putPart(tx: Tx, part: WatchPart): Promise<void> {
  const { kind, body, customerId, changedAt, changedBy } = part;
  const values = { body: JSON.stringify(body), changed_at: changedAt, changed_by: changedBy, removed_at: null };
  await tx
    .insertInto('watch_part')
    .values({ id: body.id, kind, customer_id: customerId, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute();
  if (part.kind !== 'layer') return;
  await tx.deleteFrom('watch_place').where('layer_id', '=', body.id).execute();
  const rows = part.places.map((place) => ({ layer_id: body.id, place_id: place }));
  if (rows.length > 0) await tx.insertInto('watch_place').values(rows).execute();
}

export async function setRemoved(tx: Tx, id: string, change: { at: number; by: string }): Promise<void> {
  const values = { removed_at: change.at, changed_at: change.at, changed_by: change.by };
  await tx.updateTable('watch_part').set(values).where('id', '=', id).execute();
}

/** Removed ones that no document in force names any more. */
export async function deleteRemoved(tx: Tx, named: ReadonlySet<string>): Promise<void> {
  const rows = await tx.selectFrom('watch_part').select('id').where('removed_at', 'is not', null).execute();
  const gone = rows.map(({ id }) => id).filter((id) => !named.has(id));
  if (gone.length > 0) await tx.deleteFrom('watch_part').where('id', 'in', gone).execute();
}
