// Where each stream stands, and what of it was lost or set aside.
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import type { RelayId } from '#shared/base/id.ts';
import type { Batch, Gap } from '#shared/protocol/batch.ts';
import { LANES, type Lane, type Watermark } from '#shared/protocol/lane.ts';
import type { LinkIdentity } from './record-hooks.ts';

/** One sequence: a lane of one spool. */
export interface StreamKey {
  relay: RelayId;
  epoch: string;
  lane: Lane;
}

export interface Marks {
  received: number;
  durable: number;
}

export const slotOf = (key: StreamKey): string => `${key.relay} ${key.epoch} ${key.lane}`;

/** Raw bytes are kept for this many refused batches of a relay: at most 256 MB; of later ones the row without bytes. */
const MAX_QUARANTINED = 1_000;

const NONE: Marks = { received: 0, durable: 0 };

/** For WELCOME: all four lanes, zeros for a spool never seen. */
export async function readWatermarks(db: Db, link: LinkIdentity): Promise<Watermark[]> {
  const rows = await db
    .selectFrom('watermark')
    .select(['lane', 'received', 'durable'])
    .where('relay_id', '=', link.relay)
    .where('epoch', '=', link.epoch)
    .execute();
  return LANES.map((lane) => {
    const row = rows.find((one) => one.lane === lane);
    return { lane, received: row?.received ?? 0, durable: row?.durable ?? 0 };
  });
}

/** The marks of each stream, locked until the transaction ends; by slot. `keys` must be in one order everywhere. */
export async function lockMarks(tx: Tx, keys: readonly StreamKey[]): Promise<Map<string, Marks>> {
  const found = await selectMarks(tx, keys);
  const missing = keys.filter((key) => !found.has(slotOf(key)));
  if (missing.length === 0) return found;
  // A row must exist to be locked: two consoles may meet the first batch of a spool at once.
  await tx
    .insertInto('watermark')
    .values(missing.map((key) => ({ relay_id: key.relay, epoch: key.epoch, lane: key.lane, ...NONE })))
    .onConflict((conflict) => conflict.columns(['relay_id', 'epoch', 'lane']).doNothing())
    .execute();
  for (const [slot, marks] of await selectMarks(tx, missing)) found.set(slot, marks);
  return found;
}

async function selectMarks(tx: Tx, keys: readonly StreamKey[]): Promise<Map<string, Marks>> {
  const rows = await tx
    .selectFrom('watermark')
    .select(['relay_id', 'epoch', 'lane', 'received', 'durable'])
    .where((eb) =>
      eb.or(
        keys.map((key) =>
          eb.and([eb('relay_id', '=', key.relay), eb('epoch', '=', key.epoch), eb('lane', '=', key.lane)]),
        ),
      ),
    )
    .orderBy('relay_id')
    .orderBy('epoch')
    .orderBy('lane')
    .$call(lockRows(tx))
    .execute();
  return new Map(
    rows.map((row) => [`${row.relay_id} ${row.epoch} ${row.lane}`, { received: row.received, durable: row.durable }]),
  );
}

export async function writeMarks(tx: Tx, marks: ReadonlyArray<StreamKey & Marks>): Promise<void> {
  if (marks.length === 0) return;
  await tx
    .insertInto('watermark')
    .values(
      marks.map(({ relay, epoch, lane, received, durable }) => ({ relay_id: relay, epoch, lane, received, durable })),
    )
    .onConflict((conflict) =>
      conflict.columns(['relay_id', 'epoch', 'lane']).doUpdateSet((eb) => ({
        received: eb.ref('excluded.received'),
        durable: eb.ref('excluded.durable'),
      })),
    )
    .execute();
}

/**
 * Moves `durable` up to `through`, or to all that was received without it; never down, and never above `received`. The stream's row
 * is locked first, so that no frame comes in between: whoever looks for the least frame that waits does so behind this lock.
 */
export async function moveDurable(
  tx: Tx,
  key: StreamKey,
  leastWaiting: (tx: Tx) => Promise<number | undefined>,
): Promise<Watermark> {
  const { received, durable } = (await lockMarks(tx, [key])).get(slotOf(key)) ?? NONE;
  const least = await leastWaiting(tx);
  const through = least === undefined ? received : Math.min(received, least - 1);
  const marks = { received, durable: Math.max(durable, through) };
  await writeMarks(tx, [{ ...key, ...marks }]);
  return { lane: key.lane, ...marks };
}

export async function writeGap(tx: Tx, link: LinkIdentity, gap: Gap, at: number): Promise<void> {
  await tx
    .insertInto('gap')
    .values({
      relay_id: link.relay,
      epoch: link.epoch,
      lane: gap.lane,
      from_seq: gap.from,
      to_seq: gap.to,
      n: gap.n,
      reason: gap.reason,
      at,
    })
    .execute();
}

export interface Refusal {
  code: string;
  message: string;
  at: number;
}

/** Sets a batch aside as it came. False when nobody needs to be told: it continues a run of refused batches that was told. */
export async function writeQuarantine(tx: Tx, link: LinkIdentity, batch: Batch, refusal: Refusal): Promise<boolean> {
  const rows = tx.selectFrom('quarantine').where('relay_id', '=', link.relay);
  const before = await rows
    .select('code')
    .where('epoch', '=', link.epoch)
    .where('lane', '=', batch.lane)
    .where('seq', '=', batch.seq - 1)
    .executeTakeFirst();
  const isFull =
    (await rows
      .select('seq')
      .offset(MAX_QUARANTINED - 1)
      .limit(1)
      .executeTakeFirst()) !== undefined;
  await tx
    .insertInto('quarantine')
    .values({
      relay_id: link.relay,
      epoch: link.epoch,
      lane: batch.lane,
      seq: batch.seq,
      at: refusal.at,
      code: refusal.code,
      message: storedText(isFull ? `${refusal.message} (bytes not kept: too many are)` : refusal.message),
      data: isFull ? new Uint8Array(0) : batch.data,
    })
    .execute();
  return before?.code !== refusal.code;
}
