// Metric frames in the control plane's database: the first ChunkStore.
import { sql } from 'kysely';
import { type Db, engineOf, type Tx } from '#console/store/engine.ts';
import type { RelayId } from '#shared/base/id.ts';
import type { Lane } from '#shared/protocol/lane.ts';
import type { ChainKey, ChainTail, ChunkStore, Frame } from './chunk-store.ts';

/** Rows of one insert: 9 columns each; PostgreSQL answers once for each statement. */
const ROWS_PER_INSERT = 64;

/** The same text for every frame, so it stays prepared: half of what building many rows into one statement costs SQLite. */
const insertOne = ({ relay, epoch, hour, lane, seq, batches, site, samples, data }: Frame) =>
  sql`insert into metric_frame (relay_id, epoch, hour, lane, seq, batches, site_id, samples, data)
    values (${relay}, ${epoch}, ${hour}, ${lane}, ${seq}, ${batches}, ${site}, ${samples}, ${data})`;

const rowOf = (frame: Frame) => ({
  relay_id: frame.relay,
  epoch: frame.epoch,
  hour: frame.hour,
  lane: frame.lane,
  seq: frame.seq,
  batches: frame.batches,
  site_id: frame.site,
  samples: frame.samples,
  data: frame.data,
});

export class FrameRepository implements ChunkStore {
  async put(tx: Tx, frames: readonly Frame[]): Promise<void> {
    if (engineOf(tx) === 'sqlite') {
      for (const frame of frames) await insertOne(frame).execute(tx);
      return;
    }
    for (let i = 0; i < frames.length; i += ROWS_PER_INSERT)
      await tx
        .insertInto('metric_frame')
        .values(frames.slice(i, i + ROWS_PER_INSERT).map(rowOf))
        .execute();
  }

  async get(db: Db, key: ChainKey, afterSeq: number, limit: number): Promise<Array<{ seq: number; data: Uint8Array }>> {
    return await db
      .selectFrom('metric_frame')
      .select(['seq', 'data'])
      .where('relay_id', '=', key.relay)
      .where('hour', '=', key.hour)
      .where('epoch', '=', key.epoch)
      .where('lane', '=', key.lane)
      .where('seq', '>', afterSeq)
      .orderBy('seq')
      .limit(limit)
      .execute();
  }

  async tails(db: Db, relay: RelayId, fromHour: number, toHour: number): Promise<ChainTail[]> {
    const rows = await db
      .selectFrom('metric_frame')
      .select(['hour', 'epoch', 'lane'])
      .select(({ fn }) => [fn.max('seq').as('last'), fn.countAll<number>().as('frames')])
      .where('relay_id', '=', relay)
      .where('hour', '>=', fromHour)
      .where('hour', '<=', toHour)
      .groupBy(['hour', 'epoch', 'lane'])
      .orderBy('hour')
      .orderBy('epoch')
      .orderBy('lane')
      .execute();
    return rows.map((row) => ({
      relay,
      epoch: row.epoch,
      hour: row.hour,
      // Only ingest writes this column, from a parsed batch.
      lane: row.lane as Lane,
      lastSeq: Number(row.last),
      frames: Number(row.frames),
    }));
  }

  async newestHours(db: Db, relay: RelayId, notAfter: number, limit: number): Promise<number[]> {
    const hours: number[] = [];
    let before = notAfter + 1;
    while (hours.length < limit) {
      // One step down the index each; "distinct" would walk every frame of the relay.
      const row = await db
        .selectFrom('metric_frame')
        .select('hour')
        .where('relay_id', '=', relay)
        .where('hour', '<', before)
        .orderBy('hour', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) break;
      hours.push(row.hour);
      before = row.hour;
    }
    return hours;
  }

  async oldestHour(db: Db, relay: RelayId, notBefore: number): Promise<number | undefined> {
    const row = await db
      .selectFrom('metric_frame')
      .select('hour')
      .where('relay_id', '=', relay)
      .where('hour', '>=', notBefore)
      .orderBy('hour')
      .limit(1)
      .executeTakeFirst();
    return row?.hour;
  }

  async drop(tx: Tx, beforeHour: number): Promise<number> {
    const result = await tx.deleteFrom('metric_frame').where('hour', '<', beforeHour).executeTakeFirst();
    return Number(result.numDeletedRows);
  }

  async stats(db: Db): Promise<{ frames: number; samples: number; bytes: number }> {
    const row = await db
      .selectFrom('metric_frame')
      .select(({ fn }) => [
        fn.countAll<number>().as('frames'),
        fn.sum<number | null>('samples').as('samples'),
        fn.sum<number | null>(fn('length', ['data'])).as('bytes'),
      ])
      .executeTakeFirstOrThrow();
    return { frames: Number(row.frames), samples: Number(row.samples ?? 0), bytes: Number(row.bytes ?? 0) };
  }
}
