// What both engines promise of the stream: each batch once, in order, nothing silently lost, nothing stuck.
import { describe, expect, test } from 'vitest';
import { auditSeries } from '#console/metrics/series-audit.ts';
import type { Store } from '#console/store/database.ts';
import { AppError } from '#shared/base/errors.ts';
import type { SpoolRecord } from '#shared/model/record.ts';
import { settle } from '#test/fixtures/fake-clock.ts';
import {
  batchOf,
  deviceNo,
  epochNo,
  LaneWriter,
  linkNo,
  pollNo,
  recordsBatch,
  streamKit,
} from '#test/fixtures/stream-kit.ts';
import { freshStore, lingerInside, type TestEngine } from './test-engine.ts';

const link = linkNo(1);
const state = (n: number): SpoolRecord => ({ type: 'state', device: deviceNo(n), at: n, status: 'up' });
const both = (seq: number) => ({ received: seq, durable: seq });

/** A store whose commits fail as long as `error` is set. */
function breakable(store: Store): Pick<Store, 'db' | 'transaction'> & { error: Error | undefined } {
  const broken = {
    error: undefined as Error | undefined, // the literal alone would be typed undefined
    db: store.db,
    transaction: async <T>(fn: Parameters<typeof store.transaction<T>>[0]) =>
      await store.transaction(async (tx) => {
        const result = await fn(tx);
        if (broken.error !== undefined) throw broken.error;
        return result;
      }),
  };
  return broken;
}

const audit = async (store: Store, kit: ReturnType<typeof streamKit>) =>
  await auditSeries(kit.chunks, store.db, link.relay);

export function defineIngestTests(engine: TestEngine): void {
  describe(`ingest on ${engine.name}`, () => {
    test('batches move the watermark of their lane only; records are durable at once, samples when their hour is sealed', async () => {
      const store = await freshStore(engine);
      const { ingest } = streamKit(store);
      const lane = new LaneWriter(2);
      expect(await ingest.batch(link, lane.next([pollNo(deviceNo(1), 0)]))).toEqual({ received: 1, durable: 0 });
      expect(await ingest.batch(link, lane.next([pollNo(deviceNo(1), 1)]))).toEqual({ received: 2, durable: 0 });
      expect(await ingest.batch(link, recordsBatch(1, 1, [state(1)]))).toEqual(both(1));
      expect(await ingest.watermarks(link)).toEqual([
        { lane: 0, ...both(0) },
        { lane: 1, ...both(1) },
        { lane: 2, received: 2, durable: 0 },
        { lane: 3, ...both(0) },
      ]);
      expect(await ingest.watermarks({ ...link, epoch: epochNo(2) })).toEqual(
        [0, 1, 2, 3].map((n) => ({ lane: n, ...both(0) })),
      );
    });

    test('a repeated batch is acknowledged again and stored once', async () => {
      const store = await freshStore(engine);
      const kit = streamKit(store);
      const lane = new LaneWriter(2);
      const batches = [0, 1, 2].map((n) => lane.next([pollNo(deviceNo(1), n)]));
      const records = recordsBatch(0, 1, [state(1), state(2)]);
      for (const batch of [...batches, ...batches, records, records]) await kit.ingest.batch(link, batch);
      expect(kit.applied).toEqual([state(1), state(2)]);
      const { series, undecodable } = await audit(store, kit);
      expect(undecodable).toBe(0);
      expect(series.find((one) => one.name === 'process.total')).toMatchObject({
        count: 3,
        distinct: 3,
        min: 0,
        max: 2,
      });
      expect(kit.ingest.stats()).toMatchObject({ batches: 4, repeated: 4, waiting: 0, waitingBytes: 0 });
    });

    test('a batch that skips one is refused and changes nothing', async () => {
      const store = await freshStore(engine);
      const { ingest, applied } = streamKit(store);
      await expect(ingest.batch(link, recordsBatch(1, 2, [state(2)]))).rejects.toMatchObject({ code: 'sequence-gap' });
      expect(applied).toEqual([]);
      expect(await ingest.batch(link, recordsBatch(1, 1, [state(1)]))).toEqual(both(1));
    });

    test('a whole window sent at once is stored in its order, a batch out of order among them refused alone', async () => {
      const store = await freshStore(engine);
      const { ingest, applied } = streamKit(store);
      const sent = [1, 2, 4, 3, 4].map((seq) => ingest.batch(link, recordsBatch(1, seq, [state(seq)])));
      const results = await Promise.allSettled(sent);
      expect(results.map((result) => result.status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      expect(applied).toEqual([state(1), state(2), state(3), state(4)]);
      expect(ingest.stats().commits).toBe(1);
    });

    test('a damaged batch is refused by its CRC', async () => {
      const store = await freshStore(engine);
      const { ingest, applied } = streamKit(store);
      const batch = recordsBatch(1, 1, [state(1)]);
      await expect(ingest.batch(link, { ...batch, crc: batch.crc ^ 1 })).rejects.toMatchObject({
        code: 'crc-mismatch',
      });
      expect(applied).toEqual([]);
    });

    test('a gap is a row, an incident and a watermark; told again it is nothing new', async () => {
      const store = await freshStore(engine);
      const { ingest, incidents } = streamKit(store);
      const gap = { lane: 3, from: 1, to: 7, n: 900, reason: 'quota' } as const;
      expect(await ingest.gap(link, gap)).toEqual(both(7));
      expect(await ingest.gap(link, gap)).toEqual(both(7));
      expect(incidents).toMatchObject([{ kind: 'gap', code: 'spool-full', lane: 3, from: 1, to: 7, n: 900 }]);
      const rows = await store.db.selectFrom('gap').select(['from_seq', 'to_seq', 'n', 'reason']).execute();
      expect(rows).toEqual([{ from_seq: 1, to_seq: 7, n: 900, reason: 'quota' }]);
      expect(await ingest.batch(link, recordsBatch(3, 8, [state(8)]))).toEqual(both(8));
    });

    test('a gap that begins later than the next batch is refused, one that overlaps what is stored begins after it', async () => {
      const store = await freshStore(engine);
      const { ingest } = streamKit(store);
      const gap = { lane: 3, from: 2, to: 5, n: 10, reason: 'quota' } as const;
      await expect(ingest.gap(link, gap)).rejects.toMatchObject({ code: 'sequence-gap' });
      for (const seq of [1, 2, 3]) await ingest.batch(link, recordsBatch(3, seq, [state(seq)]));
      expect(await ingest.gap(link, gap)).toEqual(both(5));
      const rows = await store.db.selectFrom('gap').select(['from_seq', 'to_seq']).execute();
      expect(rows).toEqual([{ from_seq: 4, to_seq: 5 }]);
      await expect(ingest.gap(link, { ...gap, from: 9, to: 6 })).rejects.toMatchObject({ code: 'sequence-gap' });
    });

    test('bytes that do not read are set aside with their reason, told once per run, and the stream goes on', async () => {
      const store = await freshStore(engine);
      const kit = streamKit(store);
      const garbage = (seq: number) => batchOf(1, seq, 'records', new Uint8Array([0xc1, seq, 0xff]), 3);
      expect(await kit.ingest.batch(link, garbage(1))).toEqual(both(1));
      expect(await kit.ingest.batch(link, garbage(2))).toEqual(both(2));
      expect(await kit.ingest.batch(link, recordsBatch(1, 3, [state(3)]))).toEqual(both(3));
      expect(await kit.ingest.batch(link, garbage(4))).toEqual(both(4));
      expect(kit.applied).toEqual([state(3)]);
      expect(kit.incidents.map(({ kind, from, n }) => ({ kind, from, n }))).toEqual([
        { kind: 'quarantine', from: 1, n: 3 },
        { kind: 'quarantine', from: 4, n: 3 },
      ]);
      const rows = await store.db.selectFrom('quarantine').select(['seq', 'data']).orderBy('seq').execute();
      expect(rows.map((row) => [row.seq, [...row.data]])).toEqual([1, 2, 4].map((seq) => [seq, [0xc1, seq, 0xff]]));
    });

    test('samples that do not follow the chain are set aside until the relay begins anew', async () => {
      const store = await freshStore(engine);
      const kit = streamKit(store);
      const lane = new LaneWriter(2);
      const poll = (n: number) => lane.next([pollNo(deviceNo(1), n)]);
      await kit.ingest.batch(link, poll(0));
      poll(1); // number 2 is lost on the relay's disk
      await kit.ingest.gap(link, { lane: 2, from: 2, to: 2, n: 3, reason: 'corrupt' });
      await kit.ingest.batch(link, poll(2));
      await kit.ingest.batch(link, poll(3));
      lane.beginAnew();
      await kit.ingest.batch(link, poll(4));
      const { series, frames, undecodable } = await audit(store, kit);
      expect({ frames, undecodable }).toEqual({ frames: 2, undecodable: 0 });
      expect(series.find((one) => one.name === 'process.total')).toMatchObject({ count: 2, min: 0, max: 4 });
      expect(kit.ingest.stats()).toMatchObject({ quarantined: 2, lost: 3 });
      expect(kit.incidents.map((one) => one.kind)).toEqual(['gap', 'quarantine']);
    });

    test('samples and records keep to their lanes', async () => {
      const store = await freshStore(engine);
      const { ingest } = streamKit(store);
      await ingest.batch(link, new LaneWriter(1).next([pollNo(deviceNo(1), 0)]));
      await ingest.batch(link, recordsBatch(2, 1, [state(1)]));
      expect(ingest.stats()).toMatchObject({ quarantined: 2, batches: 0 });
    });

    test('a crash between commit and ack loses nothing and stores nothing twice', async () => {
      const store = await freshStore(engine);
      const lane = new LaneWriter(2);
      const batches = Array.from({ length: 10 }, (_, n) => lane.next([pollNo(deviceNo(1), n)]));
      const before = streamKit(store);
      for (const batch of batches.slice(0, 6)) await before.ingest.batch(link, batch);
      // The relay heard of four acks; the next process has no decoder in memory.
      const after = streamKit(store);
      for (const batch of batches.slice(4)) await after.ingest.batch(link, batch);
      const { series, undecodable } = await audit(store, after);
      expect(undecodable).toBe(0);
      expect(series.find((one) => one.name === 'process.total')).toMatchObject({ count: 10, distinct: 10, max: 9 });
    });

    test('a failed commit acknowledges nothing, and the same batches are welcome again', async () => {
      const store = await freshStore(engine);
      const broken = breakable(store);
      const failures: unknown[] = [];
      const kit = streamKit(store, { store: broken, onFailure: (error) => failures.push(error) });
      const lane = new LaneWriter(2);
      await kit.ingest.batch(link, lane.next([pollNo(deviceNo(1), 0)]));
      const window = [1, 2].map((n) => lane.next([pollNo(deviceNo(1), n)]));
      broken.error = Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' });
      const results = await Promise.allSettled(window.map((batch) => kit.ingest.batch(link, batch)));
      expect(results).toMatchObject([{ reason: { code: 'unavailable' } }, { reason: { code: 'unavailable' } }]);
      expect(failures).toHaveLength(2);
      broken.error = undefined;
      for (const batch of window) await kit.ingest.batch(link, batch);
      const { series, undecodable } = await audit(store, kit);
      expect(undecodable).toBe(0);
      expect(series.find((one) => one.name === 'process.total')).toMatchObject({ count: 3, max: 2 });
    });

    test('a batch that a room refuses is set aside alone, its neighbours of the same commit are stored', async () => {
      const store = await freshStore(engine);
      const { hooks, applied, ...kit } = streamKit(store);
      const seen: SpoolRecord[] = [];
      const picky = {
        ...hooks,
        onStates: async (_tx: unknown, _link: unknown, records: SpoolRecord[]) => {
          if (records.some((record) => record.at === 2)) throw new AppError('conflict', 'a room says no');
          seen.push(...records);
        },
      };
      const { ingest } = streamKit(store, { hooks: picky });
      const marks = await Promise.all([1, 2, 3].map((seq) => ingest.batch(link, recordsBatch(1, seq, [state(seq)]))));
      expect(marks.map((mark) => mark.received)).toEqual([1, 2, 3]);
      const rows = await store.db.selectFrom('quarantine').select(['seq', 'code', 'message']).execute();
      expect(rows).toEqual([{ seq: 2, code: 'conflict', message: 'a room says no' }]);
      expect(new Set(seen.map((record) => record.at))).toEqual(new Set([1, 3]));
      expect(kit.ingest.stats().batches).toBe(0);
      expect(applied).toEqual([]);
    });

    test('two consoles that get the same window at once store it once', async () => {
      const store = await freshStore(engine);
      const [a, b] = [streamKit(store), streamKit(store)];
      const lane = new LaneWriter(2);
      const batches = Array.from({ length: 8 }, (_, n) => lane.next([pollNo(deviceNo(1), n)]));
      const sends = batches.flatMap((batch) => [a.ingest.batch(link, batch), b.ingest.batch(link, batch)]);
      expect((await Promise.all(sends)).map((mark) => mark.received).every((seq) => seq >= 1)).toBe(true);
      const { series, undecodable, frames } = await audit(store, a);
      expect({ undecodable, frames }).toEqual({ undecodable: 0, frames: 8 });
      expect(series.find((one) => one.name === 'process.total')).toMatchObject({ count: 8, distinct: 8 });
    });

    test('two consoles that apply the same records at once apply them once', async () => {
      const store = await freshStore(engine);
      const [a, b] = [streamKit(store), streamKit(store)];
      for (const { hooks, applied } of [a, b])
        hooks.onStates = async (tx, _link, records) => {
          await lingerInside(tx);
          applied.push(...records);
        };
      // The first batch makes the rows of the watermark; the race is about the second.
      await a.ingest.batch(link, recordsBatch(1, 1, [state(1)]));
      const second = recordsBatch(1, 2, [state(2)]);
      expect(await Promise.all([a.ingest.batch(link, second), b.ingest.batch(link, second)])).toEqual([
        both(2),
        both(2),
      ]);
      expect([...a.applied, ...b.applied].filter((record) => record.at === 2)).toHaveLength(1);
    });

    test('a link that moves to another console and back goes on with the same chain', async () => {
      const store = await freshStore(engine);
      const consoles = [streamKit(store), streamKit(store)];
      const lane = new LaneWriter(2);
      for (let n = 0; n < 9; n++) await consoles[n % 2]?.ingest.batch(link, lane.next([pollNo(deviceNo(1), n)]));
      const [a] = consoles;
      const { series, undecodable } = await audit(store, a ?? streamKit(store));
      expect(undecodable).toBe(0);
      expect(series.find((one) => one.name === 'process.total')).toMatchObject({ count: 9, max: 8 });
    });

    test('samples and inventory share the backlog lane without breaking the chain', async () => {
      const store = await freshStore(engine);
      const kit = streamKit(store);
      const lane = new LaneWriter(3);
      const sends = [0, 1, 2, 3].map((n) => {
        if (n % 2 === 1) lane.skip();
        return n % 2 === 1 ? recordsBatch(3, n + 1, [state(n)]) : lane.next([pollNo(deviceNo(1), n)]);
      });
      await Promise.all(sends.map((batch) => kit.ingest.batch(link, batch)));
      expect(kit.ingest.stats()).toMatchObject({ batches: 4, quarantined: 0 });
    });

    test('the planted bug "no dedup" stores a repeat, and the audit sees it', async () => {
      const store = await freshStore(engine);
      const kit = streamKit(store, { faults: { noDedup: true } });
      const batch = new LaneWriter(2).next([pollNo(deviceNo(1), 0)]);
      await kit.ingest.batch(link, batch);
      await kit.ingest.batch(link, batch);
      const { series } = await audit(store, kit);
      expect(series.find((one) => one.name === 'process.total')).toMatchObject({ count: 2, distinct: 1 });
    });

    test('the planted bug "ack before commit" acknowledges what is not stored yet', async () => {
      const store = await freshStore(engine);
      const kit = streamKit(store, { faults: { ackBeforeCommitMs: 1_000 } });
      expect(await kit.ingest.batch(link, recordsBatch(1, 1, [state(1)]))).toEqual(both(1));
      await settle();
      expect(await kit.ingest.watermarks(link)).toContainEqual({ lane: 1, ...both(0) });
      await kit.clock.advance(1_000);
      await kit.ingest.stop();
      expect(await kit.ingest.watermarks(link)).toContainEqual({ lane: 1, ...both(1) });
    });
  });
}
