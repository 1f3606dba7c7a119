// The one row that says which life of the database this is: relays replay what they keep when it changes.
import type { EpochMs } from '#shared/base/clock.ts';
import { newId, type RandomBytes } from '#shared/base/id.ts';
import type { Tx } from './engine.ts';

/** The incarnation, made at the first open. */
export async function ensureInstance(tx: Tx, now: EpochMs, random: RandomBytes): Promise<string> {
  await tx
    .insertInto('instance')
    .values({ id: 1, incarnation: newId(now, random), created_at: now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  const row = await tx.selectFrom('instance').select('incarnation').where('id', '=', 1).executeTakeFirstOrThrow();
  return row.incarnation;
}

export async function replaceIncarnation(tx: Tx, now: EpochMs, random: RandomBytes): Promise<string> {
  const incarnation = newId(now, random);
  await tx.updateTable('instance').set({ incarnation }).where('id', '=', 1).execute();
  return incarnation;
}
