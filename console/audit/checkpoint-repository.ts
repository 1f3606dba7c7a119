// Checkpoints of the trail and what relays counter-signed, in the database.
import { type PageOf, type PageRequest, pageFrom, readCursor, SeqKey } from '#console/store/cursor.ts';
import type { Db, Tx } from '#console/store/engine.ts';

export interface StoredCheckpoint {
  seq: number;
  hash: string;
  at: number;
  console: string;
  keyId: string;
  key: string;
  signature: string;
}

const COLUMNS = ['seq', 'hash', 'at', 'console', 'key_id as keyId', 'key', 'signature'] as const;

export const newestCheckpoint = (db: Db): Promise<StoredCheckpoint | undefined> =>
  db.selectFrom('audit_checkpoint').select(COLUMNS).orderBy('seq', 'desc').limit(1).executeTakeFirst();

export const checkpointsAfter = (db: Db, seq: number, limit: number): Promise<StoredCheckpoint[]> =>
  db.selectFrom('audit_checkpoint').select(COLUMNS).where('seq', '>', seq).orderBy('seq').limit(limit).execute();

export const checkpointAt = (db: Db, seq: number): Promise<StoredCheckpoint | undefined> =>
  db.selectFrom('audit_checkpoint').select(COLUMNS).where('seq', '=', seq).executeTakeFirst();

export async function listCheckpoints(db: Db, page: PageRequest): Promise<PageOf<StoredCheckpoint>> {
  const before = readCursor(page.cursor, SeqKey)?.[0];
  let query = db
    .selectFrom('audit_checkpoint')
    .select(COLUMNS)
    .orderBy('seq', 'desc')
    .limit(page.limit + 1);
  if (before !== undefined) query = query.where('seq', '<', before);
  return pageFrom(
    await query.execute(),
    page.limit,
    (row) => row,
    (row) => [row.seq],
  );
}

/** False when one stands at this row already. */
export async function insertCheckpoint(tx: Tx, { keyId, ...row }: StoredCheckpoint): Promise<boolean> {
  const made = await tx
    .insertInto('audit_checkpoint')
    .values({ ...row, key_id: keyId })
    .onConflict((conflict) => conflict.column('seq').doNothing())
    .executeTakeFirst();
  return (made.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export interface CounterSignature {
  relayId: string;
  seq: number;
  hash: string;
  at: number;
  spki: string;
  signature: string;
}

// Enough to follow a relay through an hour of checkpoints every half minute; the relay itself keeps far more.
const KEPT_PER_RELAY = 100;

export async function putCounterSignature(tx: Tx, { relayId, ...row }: CounterSignature): Promise<void> {
  await tx
    .insertInto('audit_witness')
    .values({ relay_id: relayId, ...row })
    .onConflict((conflict) => conflict.columns(['relay_id', 'seq']).doUpdateSet(row))
    .execute();
  const oldest = await tx
    .selectFrom('audit_witness')
    .select('seq')
    .where('relay_id', '=', relayId)
    .orderBy('seq', 'desc')
    .offset(KEPT_PER_RELAY)
    .limit(1)
    .executeTakeFirst();
  if (oldest === undefined) return;
  await tx.deleteFrom('audit_witness').where('relay_id', '=', relayId).where('seq', '<=', oldest.seq).execute();
}

const SIGNED = ['relay_id as relayId', 'seq', 'hash', 'at', 'spki', 'signature'] as const;

export const counterSignaturesOf = (db: Db, relayId: string): Promise<CounterSignature[]> =>
  db.selectFrom('audit_witness').select(SIGNED).where('relay_id', '=', relayId).orderBy('seq').execute();

export const counterSignaturesAt = async (db: Db, seqs: readonly number[]): Promise<CounterSignature[]> =>
  seqs.length === 0
    ? []
    : await db.selectFrom('audit_witness').select(SIGNED).where('seq', 'in', seqs).orderBy('relay_id').execute();
