// Contacts, routes, escalations and on-call schedules in the database: each a row with its schema's JSON.
import type { Db, Tx } from '#console/store/engine.ts';

export const ENTRY_KINDS = ['contact', 'route', 'escalation', 'on-call'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export interface StoredEntry {
  id: string;
  kind: EntryKind;
  name: string;
  place: number;
  /** JSON. */
  body: string;
  createdAt: number;
}

const entryQuery = (db: Db) => db.selectFrom('notify_entry').select(['id', 'name', 'place', 'body', 'created_at']);

/** In their order: routes by place, all by name. */
export async function listEntries(db: Db, kind: EntryKind): Promise<StoredEntry[]> {
  const rows = await entryQuery(db).where('kind', '=', kind).orderBy('place').orderBy('name').execute();
  return rows.map((row) => ({
    id: row.id,
    kind,
    name: row.name,
    place: row.place,
    body: row.body,
    createdAt: row.created_at,
  }));
}

export async function insertEntry(tx: Tx, { id, kind, name, place, body, createdAt }: StoredEntry): Promise<void> {
  await tx.insertInto('notify_entry').values({ id, kind, name, place, body, created_at: createdAt }).execute();
}

/** False where there is none. */
export async function updateEntry(tx: Tx, entry: Omit<StoredEntry, 'createdAt'>): Promise<boolean> {
  const { id, kind, name, place, body } = entry;
  const result = await tx
    .updateTable('notify_entry')
    .set({ name, place, body })
    .where('id', '=', id)
    .where('kind', '=', kind)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function deleteEntry(tx: Tx, kind: EntryKind, id: string): Promise<boolean> {
  const result = await tx.deleteFrom('notify_entry').where('id', '=', id).where('kind', '=', kind).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
