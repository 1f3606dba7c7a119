// How far each relay's stream is stored, what will never come, and what could not be read: written in the batch's own transaction.
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import type { RelayId } from '#shared/base/id.ts';
import type { Gap } from '#shared/protocol/batch.ts';
import { LANES, type Lane, type Watermark } from '#shared/protocol/lane.ts';

const MARK = ['lane', 'received', 'durable'] as const;

/** One mark per lane, zeros where nothing is stored yet. */
function complete(rows: ReadonlyArray<{ lane: number; received: number; durable: number }>): Watermark[] {
  return LANES.map((lane) => {
    const row = rows.find((one) => one.lane === lane);
    return { lane, received: row?.received ?? 0, durable: row?.durable ?? 0 };
  });
}

/** For a handshake or a list; a batch uses `lockWatermarks`. */
export async function peekWatermarks(db: Db, relay: RelayId, epoch: string): Promise<Watermark[]> {
  const rows = await db
    .selectFrom('watermark')
    .select(MARK)
    .where('relay_id', '=', relay)
    .where('epoch', '=', epoch)
    .execute();
  return complete(rows);
}

/**
 * Reads a lane's mark and keeps every other batch of the same relay and lane out until `tx` ends: two links of one relay
 * (a reconnect that overtakes its old connection) never store a batch twice.
 */
export async function lockWatermark(tx: Tx, relay: RelayId, epoch: string, lane: Lane): Promise<Watermark> {
  // A row that does not exist cannot be locked.
  await tx
    .insertInto('watermark')
    .values({ relay_id: relay, epoch, lane, received: 0, durable: 0 })
    .onConflict((conflict) => conflict.columns(['relay_id', 'epoch', 'lane']).doNothing())
    .execute();
  const row = await tx
    .selectFrom('watermark')
    .select(['received', 'durable'])
    .where('relay_id', '=', relay)
    .where('epoch', '=', epoch)
    .where('lane', '=', lane)
    .$call(lockRows(tx))
    .executeTakeFirstOrThrow();
  return { lane, received: row.received, durable: row.durable };
}

/** Only after `lockWatermark` in the same transaction. */
export async function setWatermark(tx: Tx, relay: RelayId, epoch: string, mark: Watermark): Promise<void> {
  await tx
    .updateTable('watermark')
    .set({ received: mark.received, durable: mark.durable })
    .where('relay_id', '=', relay)
    .where('epoch', '=', epoch)
    .where('lane', '=', mark.lane)
    .execute();
}

/** A receipt sent twice counts once. */
export async function insertGap(tx: Tx, relay: RelayId, epoch: string, gap: Gap, at: number): Promise<void> {
  const { lane, n, reason } = gap;
  await tx
    .insertInto('gap')
    .values({ relay_id: relay, epoch, lane, from_seq: gap.from, to_seq: gap.to, n, reason, at })
    .onConflict((conflict) => conflict.columns(['relay_id', 'epoch', 'lane', 'from_seq']).doNothing())
    .execute();
}

export interface QuarantinedBatch {
  lane: Lane;
  seq: number;
  at: number;
  code: string;
  message: string;
  data: Uint8Array;
}

/** A batch whose bytes are sound and whose meaning is not: kept for people, never read again by the stream. */
export async function insertQuarantine(tx: Tx, relay: RelayId, epoch: string, batch: QuarantinedBatch): Promise<void> {
  await tx
    .insertInto('quarantine')
    .values({ relay_id: relay, epoch, ...batch, message: storedText(batch.message) })
    .onConflict((conflict) => conflict.columns(['relay_id', 'epoch', 'lane', 'seq']).doNothing())
    .execute();
}

/** Samples and records lost for good, and batches in quarantine, over all relays. */
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
