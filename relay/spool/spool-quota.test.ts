// The bound of the spool: what goes, in which order, and that every loss has its receipt.
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { HOUR_MS } from '#shared/base/clock.ts';
import { Ballast } from '#shared/runtime/ballast.ts';
import { audit, countersOf, fact, makeSpoolKit, poll, readAll, seqsOf } from '#test/fixtures/spool-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import type { DurableSpool } from './durable-spool.ts';

const QUOTA = 512 * 1024;
const kitOf = () => makeSpoolKit(onTestFinished, { quotaBytes: QUOTA });

/** About 100 KiB of facts in lane 3, in the present hour. */
function fill(spool: DurableSpool, at: number): void {
  for (let i = 0; i < 25; i += 1) spool.addRecord(3, fact(at, 4_000));
  spool.flush();
}

const gapsOf = (spool: DurableSpool, lane: 0 | 1 | 2 | 3) =>
  readAll(spool, lane).flatMap((item) => ('gap' in item ? [item.gap] : []));

test('over the quota the oldest whole hours of the backlog go, each with one counted gap', async () => {
  const { spool, clock } = kitOf();
  for (let hour = 0; hour < 8; hour += 1) {
    fill(spool, clock.now());
    await clock.advance(HOUR_MS);
  }
  const gaps = gapsOf(spool, 3);
  expect(gaps.length).toBeGreaterThan(2);
  expect(gaps.every((gap) => gap.reason === 'quota' && gap.n === 25)).toBe(true);
  expect(spool.stats().lost).toBe(25 * gaps.length);
  expect(spool.stats().bytes).toBeLessThanOrEqual(QUOTA);
  const items = readAll(spool, 3);
  expect(items.reduce((n, item) => n + ('batch' in item ? item.batch.n : item.gap.n), 0)).toBe(200);
});

test('what the console has goes first, and is no loss', async () => {
  const { spool, clock } = kitOf();
  for (let hour = 0; hour < 8; hour += 1) {
    fill(spool, clock.now());
    const last = (spool.lanes()[3]?.next ?? 1) - 1;
    spool.acknowledge({ lane: 3, received: last, durable: last });
    await clock.advance(HOUR_MS);
  }
  expect(spool.stats()).toMatchObject({ lost: 0 });
  expect(gapsOf(spool, 3).every((gap) => gap.reason === 'not-kept')).toBe(true);
});

test('live samples go after the backlog, outcomes never', async () => {
  const { spool, clock } = kitOf();
  spool.setLive(true);
  spool.addPoll(poll(1, clock.now(), 1));
  spool.flush();
  spool.addRecord(0, audit(clock.now(), 'kept'));
  await clock.advance(HOUR_MS);
  for (let hour = 0; hour < 6; hour += 1) {
    fill(spool, clock.now());
    await clock.advance(HOUR_MS);
  }
  expect(gapsOf(spool, 3).length).toBeGreaterThan(0);
  expect(gapsOf(spool, 2)).toEqual([]);
  spool.addRecord(3, fact(clock.now(), 30_000)); // waits with the others, and holds up no outcome
  for (let i = 0; i < 110; i += 1) spool.addRecord(0, audit(clock.now(), 'x'.repeat(2_000)));
  spool.addPoll(poll(1, clock.now(), 2));
  spool.flush();
  expect(gapsOf(spool, 2)).toHaveLength(1);
  expect(gapsOf(spool, 0)).toEqual([]);
  expect(readAll(spool, 0)).toHaveLength(111);
});

test('a dropped hour that is still being written begins its chain anew', () => {
  const { spool, clock } = kitOf();
  spool.addPoll(poll(1, clock.now(), 1));
  spool.flush();
  for (let i = 0; i < 5; i += 1) fill(spool, clock.now());
  spool.addPoll(poll(1, clock.now() + 1, 2));
  spool.flush();
  expect(gapsOf(spool, 3).length).toBeGreaterThan(0);
  expect(countersOf(readAll(spool, 3))).toEqual([2]);
});

test('full of outcomes: samples stop first and are counted, then outcomes are refused by name', async () => {
  const { spool, clock, events } = kitOf();
  const filling = () => {
    for (let i = 0; i < 1_000; i += 1) spool.addRecord(0, audit(clock.now(), 'x'.repeat(2_000)));
  };
  expect(filling).toThrow('no room, not even for outcomes');
  const kept = readAll(spool, 0).length;
  expect(kept).toBeGreaterThan(100); // a record of 2,000 bytes takes a page of 4 KiB
  spool.addPoll(poll(1, clock.now(), 1));
  spool.flush();
  expect(spool.stats().lost).toBe(3);
  expect(events.map((event) => event.code)).toContain('spool-full');
  // The console takes everything: the space comes back, and the loss gets its number.
  spool.acknowledge({ lane: 0, received: kept, durable: kept });
  spool.addPoll(poll(1, clock.now() + 1, 2));
  spool.flush();
  spool.addRecord(0, audit(clock.now(), 'again'));
  expect(countersOf(readAll(spool, 3))).toEqual([2]);
  expect(gapsOf(spool, 3)).toMatchObject([{ n: 3, reason: 'quota' }]);
});

test('a gap reads in order between batches, and from its middle', async () => {
  const { spool, clock } = kitOf();
  for (let hour = 0; hour < 7; hour += 1) {
    fill(spool, clock.now());
    await clock.advance(HOUR_MS);
  }
  const [first] = gapsOf(spool, 3);
  if (first === undefined) throw new Error('nothing was dropped');
  expect(first.from).toBe(1);
  const middle = spool.read(3, first.to, 1, 1);
  expect(seqsOf(middle)).toEqual([`${first.to}-${first.to} quota ${first.n}`]);
});

test('the ballast is given up once, and comes back only when the disk has room', () => {
  const folder = tempFolder(onTestFinished);
  let freeBytes = 1e12;
  const ballast = new Ballast(path.join(folder, 'ballast'), { sizeBytes: 1_000_000, freeBytes: () => freeBytes });
  expect([ballast.isHeld, ballast.restore(), ballast.isHeld]).toEqual([false, true, true]);
  expect([ballast.release(), ballast.release(), ballast.isHeld]).toEqual([true, false, false]);
  freeBytes = 1_999_999;
  expect(ballast.restore()).toBe(false);
  freeBytes = 1e12;
  expect(ballast.restore()).toBe(true);
});
