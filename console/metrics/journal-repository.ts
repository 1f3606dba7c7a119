// What the sealer asks of the frames that wait in the control plane's database, and how they go once they are sealed.
import type { Db, Tx } from '#console/store/engine.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import type { Lane } from '#shared/protocol/lane.ts';
import type { ChainKey, ChainTail } from './chunk-store.ts';

/** One lane of one spool. */
export interface Stream {
  relay: RelayId;
  epoch: string;
  lane: Lane;
}

/** Relays with frames. One step down the index each; "distinct" would walk every frame. */
export async function relaysWithFrames(db: Db): Promise<RelayId[]> {
  const relays: RelayId[] = [];
  for (;;) {
    const row = await db
      .selectFrom('metric_frame')
      .select('relay_id')
      .where('relay_id', '>', relays.at(-1) ?? ('' as RelayId)) // less than any id
      .orderBy('relay_id')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return relays;
    relays.push(row.relay_id as RelayId); // only ingest writes this column
  }
}

/** The site at which the relay took the frames of an hour. */
export async function siteOf(db: Db, relay: RelayId, hour: number): Promise<SiteId | undefined> {
  const row = await db
    .selectFrom('metric_frame')
    .select('site_id')
    .where('relay_id', '=', relay)
    .where('hour', '=', hour)
    .limit(1)
    .executeTakeFirst();
  return row?.site_id as SiteId | undefined; // only ingest writes this column
}

/** The stream's frame of the highest number. */
export async function newestFrame(db: Db, stream: Stream): Promise<{ seq: number; hour: number } | undefined> {
  return await db
    .selectFrom('metric_frame')
    .select(['seq', 'hour'])
    .where('relay_id', '=', stream.relay)
    .where('epoch', '=', stream.epoch)
    .where('lane', '=', stream.lane)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The highest number of a chain. */
export async function newestOfChain(tx: Tx, key: ChainKey): Promise<number | undefined> {
  const row = await tx
    .selectFrom('metric_frame')
    .select('seq')
    .where('relay_id', '=', key.relay)
    .where('hour', '=', key.hour)
    .where('epoch', '=', key.epoch)
    .where('lane', '=', key.lane)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.seq;
}

/** A frame of the relay's newest hour. */
export async function newestOfRelay(db: Db, relay: RelayId): Promise<{ epoch: string; hour: number } | undefined> {
  return await db
    .selectFrom('metric_frame')
    .select(['epoch', 'hour'])
    .where('relay_id', '=', relay)
    .orderBy('hour', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The lowest number of the stream that still waits to be sealed, of hours up to `lastHour`: of a bundle the first in it. */
export async function leastSeq(tx: Tx, stream: Stream, lastHour: number): Promise<number | undefined> {
  const row = await tx
    .selectFrom('metric_frame')
    .select(['seq', 'batches'])
    .where('relay_id', '=', stream.relay)
    .where('epoch', '=', stream.epoch)
    .where('lane', '=', stream.lane)
    .where('hour', '<=', lastHour)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  return row && row.seq - row.batches + 1;
}

/** The numbers of a chain's frames up to its tail, in order. */
export async function seqsOf(db: Db, tail: ChainTail): Promise<number[]> {
  const rows = await db
    .selectFrom('metric_frame')
    .select('seq')
    .where('relay_id', '=', tail.relay)
    .where('hour', '=', tail.hour)
    .where('epoch', '=', tail.epoch)
    .where('lane', '=', tail.lane)
    .where('seq', '<=', tail.lastSeq)
    .orderBy('seq')
    .execute();
  return rows.map(({ seq }) => seq);
}

export async function deleteFrames(tx: Tx, key: ChainKey, from: number, to: number): Promise<void> {
  await tx
    .deleteFrom('metric_frame')
    .where('relay_id', '=', key.relay)
    .where('hour', '=', key.hour)
    .where('epoch', '=', key.epoch)
    .where('lane', '=', key.lane)
    .where('seq', '>=', from)
    .where('seq', '<=', to)
    .execute();
}

/** Sets aside a stored frame that does not decode, as it is, for people. */
export async function setAside(tx: Tx, key: ChainKey, seq: number, at: number): Promise<void> {
  const row = await tx
    .selectFrom('metric_frame')
    .select('data')
    .where('relay_id', '=', key.relay)
    .where('epoch', '=', key.epoch)
    .where('lane', '=', key.lane)
    .where('seq', '=', seq)
    .executeTakeFirst();
  if (row === undefined) return;
  const why = { code: 'frame-malformed', message: `a stored frame of hour ${key.hour} does not decode`, at };
  await tx
    .insertInto('quarantine')
    .values({ relay_id: key.relay, epoch: key.epoch, lane: key.lane, seq, ...why, data: row.data })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await deleteFrames(tx, key, seq, seq);
}
