// What the streams of all relays lost or set aside, for the status page.
import type { Db } from '#console/store/engine.ts';

/** Samples and records lost for good, the receipts they came with, and batches in quarantine. */
export async function countLosses(db: Db): Promise<{ lost: number; gaps: number; quarantined: number }> {
  const gaps = await db
    .selectFrom('gap')
    .select(({ fn }) => [fn.countAll<number>().as('gaps'), fn.sum<number | string | null>('n').as('lost')])
    .executeTakeFirstOrThrow();
  const quarantine = await db
    .selectFrom('quarantine')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  // PostgreSQL sums bigint as numeric, which arrives as text.
  return { lost: Number(gaps.lost ?? 0), gaps: gaps.gaps, quarantined: quarantine.n };
}
