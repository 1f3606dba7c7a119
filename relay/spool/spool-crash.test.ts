// What a process that was killed at any moment leaves behind: nothing promised is lost, nothing is numbered twice.
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { audit, countersOf, fact, makeSpoolKit, poll, readAll, seqsOf } from '#test/fixtures/spool-kit.ts';

const kitOf = () => makeSpoolKit(onTestFinished);

test('after a kill every outcome that was returned from is there, and numbers go on', () => {
  const { spool, clock, afterKill } = kitOf();
  for (let i = 0; i < 5; i += 1) spool.addRecord(0, audit(clock.now(), `${i}`));
  const revived = afterKill();
  expect(revived.epoch).toBe(spool.epoch);
  expect(seqsOf(readAll(revived, 0))).toEqual(['1', '2', '3', '4', '5']);
  revived.addRecord(0, audit(clock.now(), 'next'));
  expect(revived.lanes()[0]?.next).toBe(7);
});

test('a kill loses at most the samples of the open batch, and the chain of the hour goes on readable', () => {
  const { spool, clock, afterKill } = kitOf();
  for (let n = 1; n <= 400; n += 1) spool.addPoll(poll(n % 7, clock.now() + n, n));
  const revived = afterKill();
  const kept = countersOf(readAll(revived, 3));
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => i + 1));
  expect(400 - kept.length).toBeLessThan(Math.ceil(500 / 3));
  for (let n = 401; n <= 410; n += 1) revived.addPoll(poll(n % 7, clock.now() + n, n));
  revived.flush();
  expect(countersOf(readAll(revived, 3)).slice(kept.length)).toEqual([
    401, 402, 403, 404, 405, 406, 407, 408, 409, 410,
  ]);
});

test('kills at 40 random moments: numbers have no hole, samples no duplicate, outcomes no loss', async () => {
  const seed = 20_260_101;
  const random = seededRandom(seed);
  const { spool, clock, afterKill } = kitOf();
  let outcomes = 0;
  let counter = 0;
  for (let kill = 0; kill < 40; kill += 1) {
    for (let step = Math.floor(random() * 30); step > 0; step -= 1) {
      const choice = random();
      if (choice < 0.7) {
        counter += 1;
        spool.addPoll(poll(1, clock.now(), counter));
      } else if (choice < 0.8) {
        outcomes += 1;
        spool.addRecord(0, audit(clock.now(), `${outcomes}`));
      } else if (choice < 0.9) spool.addRecord(3, fact(clock.now(), 100));
      else spool.setLive(choice < 0.95);
      await clock.advance(Math.floor(random() * 2_000));
    }
    const revived = afterKill();
    const what = `seed ${seed}, kill ${kill}`;
    expect(revived.lanes()[0]?.next, what).toBe(outcomes + 1);
    for (const lane of [0, 1, 2, 3] as const) {
      const seqs = readAll(revived, lane).map((item) => ('batch' in item ? item.batch.seq : -1));
      expect(seqs, what).toEqual(Array.from({ length: seqs.length }, (_, i) => i + 1));
    }
    const kept = [...countersOf(readAll(revived, 2)), ...countersOf(readAll(revived, 3))].sort((a, b) => a - b);
    expect(kept, what).toEqual(Array.from({ length: kept.length }, (_, i) => i + 1));
    await revived.stop();
  }
});

test('watermarks and the time of an acknowledgement survive with the next commit', async () => {
  const { spool, clock, reopen } = kitOf();
  for (let i = 0; i < 3; i += 1) spool.addRecord(0, audit(clock.now(), 'x'));
  spool.acknowledge({ lane: 0, received: 2, durable: 2 });
  spool.addRecord(1, audit(clock.now(), 'commit'));
  await spool.stop();
  const again = reopen();
  expect(again.stats().lanes[0]).toMatchObject({ received: 2, durable: 2, next: 4, batches: 3 });
  await clock.advance(25 * 3_600_000);
  expect(again.lanes()[0]?.oldest).toBe(3);
});

test('a file that is no database is moved aside; a fresh epoch begins and says so', async () => {
  const { spool, clock, file, events, reopen } = kitOf();
  spool.addRecord(0, audit(clock.now(), 'x'));
  const before = spool.epoch;
  await spool.stop();
  writeFileSync(file, 'no database at all, '.repeat(1_000));
  const again = reopen();
  expect(again.epoch).not.toBe(before);
  expect(events.map((event) => event.code)).toEqual(['spool-corrupt']);
  const aside = readdirSync(path.dirname(file)).filter((name) => name.includes('.corrupt-'));
  expect(aside).toHaveLength(1);
  again.flush();
  expect(again.lanes()[1]?.next).toBe(2); // the event itself climbs in lane 1
});

test('a file that breaks while it is open is replaced, and what comes next is kept', async () => {
  const { spool, clock, file, events } = kitOf();
  for (let i = 0; i < 200; i += 1) spool.addRecord(0, audit(clock.now(), 'x'.repeat(1_000)));
  const before = spool.epoch;
  spool.database.pragma('wal_checkpoint(TRUNCATE)');
  const damaged = readFileSync(file);
  damaged.fill(0xa5, 4_096);
  writeFileSync(file, damaged);
  spool.database.pragma('shrink_memory');
  let told = 0;
  spool.onEpoch = () => {
    told += 1;
  };
  spool.read(0, 1, 64, 1e6);
  spool.addRecord(0, audit(clock.now(), 'after'));
  expect(spool.epoch).not.toBe(before);
  expect(told).toBeGreaterThan(0);
  expect(events.map((event) => event.code)).toContain('spool-corrupt');
  expect(seqsOf(readAll(spool, 0)).at(-1)).toBe('1');
});

test('an empty or cut-off file does not stop a relay', async () => {
  const { spool, clock, file, reopen } = kitOf();
  for (let i = 0; i < 50; i += 1) spool.addRecord(0, audit(clock.now(), 'x'.repeat(1_000)));
  await spool.stop();
  truncateSync(file, 5_000);
  const again = reopen();
  again.addRecord(0, audit(clock.now(), 'after'));
  expect(readAll(again, 0).length).toBeGreaterThan(0);
  expect(existsSync(file)).toBe(true);
});
