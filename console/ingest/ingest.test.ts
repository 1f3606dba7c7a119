// Ingest on SQLite, and what it does at its bounds.
import { expect, test } from 'vitest';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { deviceNo, linkNo, recordsBatch, streamKit } from '#test/fixtures/stream-kit.ts';
import { defineIngestTests } from '#test/repository/ingest-suite.ts';
import { freshStore, sqliteEngine } from '#test/repository/test-engine.ts';

defineIngestTests(sqliteEngine);

const record = { type: 'state', device: deviceNo(1), at: 1, status: 'up' } as const;

test('a relay that sends more than twice its credits is refused; other relays are not', async () => {
  const { ingest } = streamKit(await freshStore(sqliteEngine));
  const sends = Array.from({ length: 200 }, (_, i) => ingest.batch(linkNo(1), recordsBatch(1, i + 1, [record])));
  const other = ingest.batch(linkNo(2), recordsBatch(1, 1, [record]));
  const results = await Promise.allSettled(sends);
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(128);
  expect(results[128]).toMatchObject({ status: 'rejected', reason: { code: 'rate-limited' } });
  expect(await other).toEqual({ received: 1, durable: 1 });
});

test('live lanes are stored before the backlog that came first', async () => {
  const order: number[] = [];
  const { hooks } = streamKit(await freshStore(sqliteEngine));
  const store = await freshStore(sqliteEngine);
  const onStates: typeof hooks.onStates = async (_tx, _link, records) => {
    for (const { at } of records) order.push(at);
  };
  const { ingest } = streamKit(store, { hooks: { ...hooks, onStates } });
  const sends = [
    ...Array.from({ length: 100 }, (_, i) => ingest.batch(linkNo(1), recordsBatch(3, i + 1, [{ ...record, at: 3 }]))),
    ingest.batch(linkNo(2), recordsBatch(1, 1, [record])),
  ];
  await Promise.all(sends);
  expect(order[0]).toBe(1);
  expect(order).toHaveLength(101);
});

test('after a stop nothing is accepted, and what was accepted is stored', async () => {
  const { ingest } = streamKit(await freshStore(sqliteEngine));
  const accepted = ingest.batch(linkNo(1), recordsBatch(1, 1, [record]));
  const stopping = ingest.stop();
  await expect(ingest.batch(linkNo(1), recordsBatch(1, 2, [record]))).rejects.toMatchObject({ code: 'unavailable' });
  await stopping;
  expect(await accepted).toEqual({ received: 1, durable: 1 });
});

test('a page that waits goes first between two commits, and not for ever', async () => {
  const clock = new FakeClock();
  let [now, slept] = [0, 0];
  clock.monotonic = () => now;
  clock.sleep = async () => {
    now += 6;
    slept += 1;
  };
  const commits = async (isAsked: () => boolean) => {
    slept = 0;
    const { ingest } = streamKit(await freshStore(sqliteEngine), { clock, isAsked });
    // One more than a commit takes.
    await Promise.all(Array.from({ length: 65 }, (_, i) => ingest.batch(linkNo(1), recordsBatch(1, i + 1, [record]))));
    const stoodBack = slept;
    await ingest.stop();
    return stoodBack;
  };
  expect(await commits(() => true)).toBe(4);
  expect(await commits(() => slept < 2)).toBe(2);
  expect(await commits(() => false)).toBe(0);
});
