// Bundles are stored as one frame where they can be, and batch by batch where a part is here already or does not read.
import { expect, test } from 'vitest';
import { leastSeq } from '#console/metrics/journal-repository.ts';
import { auditSeries } from '#console/metrics/series-audit.ts';
import type { Batch } from '#shared/protocol/batch.ts';
import { batchCrc } from '#shared/protocol/batch-crc.ts';
import { bundleBatches } from '#shared/protocol/bundle-batches.ts';
import { deviceNo, HOUR, LaneWriter, linkNo, pollNo, streamKit } from '#test/fixtures/stream-kit.ts';
import { freshStore, sqliteEngine } from '#test/repository/test-engine.ts';

const link = linkNo(1);

/** Batches 1 to `count` of lane 2, a poll in each. */
function batches(count: number): [Batch, ...Batch[]] {
  const lane = new LaneWriter(2);
  const next = (n: number) => lane.next([pollNo(deviceNo(1), n)]);
  return [next(0), ...Array.from({ length: count - 1 }, (_, i) => next(i + 1))];
}

const bundled = (some: readonly Batch[]) => {
  const [first, ...rest] = some;
  if (first === undefined) throw new Error('nothing to bundle');
  return bundleBatches([first, ...rest]);
};

async function kit() {
  const store = await freshStore(sqliteEngine);
  const all = streamKit(store);
  const frames = () =>
    store.db.selectFrom('metric_frame').select(['seq', 'batches', 'samples']).orderBy('seq').execute();
  const audit = async () => (await auditSeries(all.chunks, store.db, link.relay)).series[0];
  return { ...all, store, frames, audit };
}

test('a bundle is one frame of several numbers, and waits for sealing from its first on', async () => {
  const { ingest, store, frames } = await kit();
  const bundle = bundled(batches(5));
  expect(await ingest.batch(link, bundle)).toEqual({ received: 5, durable: 0 });
  expect(await frames()).toEqual([{ seq: 5, batches: 5, samples: 15 }]);
  expect(ingest.stats()).toMatchObject({ batches: 5, samples: 15 });
  expect(await store.transaction((tx) => leastSeq(tx, { ...link, lane: 2 }, HOUR))).toBe(1);
  // The same again changes nothing.
  expect(await ingest.batch(link, bundle)).toEqual({ received: 5, durable: 0 });
  expect(await frames()).toHaveLength(1);
});

test('a bundle of which a part is here already adds the rest', async () => {
  const { ingest, frames, audit } = await kit();
  const all = batches(6);
  await ingest.batch(link, bundled(all.slice(0, 2)));
  expect(await ingest.batch(link, bundled(all.slice(1, 5)))).toEqual({ received: 5, durable: 0 });
  expect(await ingest.batch(link, bundled(all.slice(4)))).toEqual({ received: 6, durable: 0 });
  expect((await frames()).map(({ seq, batches: of }) => [seq, of])).toEqual([
    [2, 2],
    [3, 1],
    [4, 1],
    [5, 1],
    [6, 1],
  ]);
  expect(await audit()).toMatchObject({ count: 6, distinct: 6 });
});

test('of a bundle with a spoiled batch what stands before it is stored, and what no longer reads is set aside', async () => {
  const { ingest, incidents, frames } = await kit();
  const all = batches(5);
  const third = all[2];
  if (third === undefined) throw new Error('five were made');
  const spoiled = all.with(2, { ...third, data: Uint8Array.of(1, 2, 0xff) });
  expect(await ingest.batch(link, bundled(spoiled))).toEqual({ received: 5, durable: 0 });
  expect((await frames()).map(({ seq }) => seq)).toEqual([1, 2]);
  expect(ingest.stats()).toMatchObject({ batches: 2, quarantined: 3 });
  expect(incidents[0]).toMatchObject({ kind: 'quarantine', from: 3, to: 3, n: 3 });
});

test('a bundle of other batches than its numbers say is set aside whole, and the stream goes on', async () => {
  const { ingest, incidents, frames } = await kit();
  const { crc: _crc, ...whole } = bundled(batches(3));
  const short = { ...whole, seq: 4, data: Uint8Array.of(0xb1, 0, 0, 1, 0, 0, 1, 7) };
  expect(await ingest.batch(link, { ...short, crc: batchCrc(short) })).toEqual({ received: 4, durable: 4 });
  expect(await frames()).toEqual([]);
  expect(incidents).toMatchObject([{ kind: 'quarantine', from: 1, to: 4 }]);
});

test('a bundle whose numbers leave a gap is refused', async () => {
  const { ingest } = await kit();
  const [, ...later] = batches(3);
  await expect(ingest.batch(link, bundled(later))).rejects.toMatchObject({ code: 'sequence-gap' });
});

test('a bundle counts its first number in its checksum', async () => {
  const { ingest } = await kit();
  await expect(ingest.batch(link, { ...bundled(batches(3)), from: 2 })).rejects.toMatchObject({ code: 'crc-mismatch' });
});
