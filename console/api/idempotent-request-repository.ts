// Requests with an Idempotency-Key in the database: what they were, and what they were answered.
import type { Db, Tx } from '#console/store/engine.ts';

export interface KnownRequest {
  fingerprint: string;
  /** Null while it runs. */
  status: number | null;
  /** Null beside a status: the answer was too large to keep. */
  body: string | null;
  createdAt: number;
}

export interface RequestKey {
  actor: string;
  key: string;
}

/** False when the actor has used the key already. */
export async function insertRequest(
  tx: Tx,
  { actor, key }: RequestKey,
  request: { fingerprint: string; createdAt: number },
): Promise<boolean> {
  const result = await tx
    .insertInto('idempotent_request')
    .values({
      actor,
      idempotency_key: key,
      fingerprint: request.fingerprint,
      status: null,
      body: null,
      created_at: request.createdAt,
    })
    .onConflict((conflict) => conflict.columns(['actor', 'idempotency_key']).doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function findRequest(db: Db, { actor, key }: RequestKey): Promise<KnownRequest | undefined> {
  const row = await db
    .selectFrom('idempotent_request')
    .select(['fingerprint', 'status', 'body', 'created_at'])
    .where('actor', '=', actor)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { fingerprint: row.fingerprint, status: row.status, body: row.body, createdAt: row.created_at };
}

export async function settleRequest(
  tx: Tx,
  { actor, key }: RequestKey,
  answer: { status: number; body: string | null },
): Promise<void> {
  await tx
    .updateTable('idempotent_request')
    .set(answer)
    .where('actor', '=', actor)
    .where('idempotency_key', '=', key)
    .execute();
}

export async function deleteRequest(tx: Tx, { actor, key }: RequestKey): Promise<void> {
  await tx.deleteFrom('idempotent_request').where('actor', '=', actor).where('idempotency_key', '=', key).execute();
}

export async function deleteRequestsBefore(tx: Tx, at: number): Promise<void> {
  await tx.deleteFrom('idempotent_request').where('created_at', '<', at).execute();
}

export async function countRequests(db: Db, actor: string): Promise<number> {
  const row = await db
    .selectFrom('idempotent_request')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('actor', '=', actor)
    .executeTakeFirstOrThrow();
  return row.n;
}
