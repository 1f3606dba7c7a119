// The spool numbers, keeps and gives back what it was given, in order, each lane for itself.
import { expect, onTestFinished, test } from 'vitest';
import { HOUR_MS, hourOf } from '#shared/base/clock.ts';
import type { SpoolRecord } from '#shared/model/record.ts';
import { MAX_BATCH_BYTES } from '#shared/protocol/batch.ts';
import { decodeRecords } from '#shared/protocol/record-codec.ts';
import { audit, countersOf, deviceId, fact, makeSpoolKit, poll, readAll, seqsOf } from '#test/fixtures/spool-kit.ts';
import type { SpoolItem } from './read-lane.ts';

const recordsOf = (item: SpoolItem | undefined): SpoolRecord[] => {
  const decoded = item !== undefined && 'batch' in item ? decodeRecords(item.batch.data) : undefined;
  return decoded?.ok === true ? decoded.records : [];
};

const kitOf = () => makeSpoolKit(onTestFinished);

test('each lane counts from 1 and keeps its records in order', () => {
  const { spool, clock } = kitOf();
  for (let i = 1; i <= 3; i += 1) spool.addRecord(0, audit(clock.now(), `note ${i}`));
  spool.addRecord(1, audit(clock.now(), 'state'));
  expect(spool.lanes()).toEqual([
    { lane: 0, oldest: 1, next: 4 },
    { lane: 1, oldest: 1, next: 2 },
    { lane: 2, oldest: 1, next: 1 },
    { lane: 3, oldest: 1, next: 1 },
  ]);
  const details = readAll(spool, 0).flatMap((item) =>
    recordsOf(item).map((record) => 'detail' in record && record.detail),
  );
  expect(details).toEqual(['note 1', 'note 2', 'note 3']);
});

test('records added together travel in one batch', () => {
  const { spool, clock } = kitOf();
  spool.addRecords(0, [audit(clock.now(), 'a'), audit(clock.now(), 'b')]);
  const [item] = readAll(spool, 0);
  expect(item && 'batch' in item && item.batch.n).toBe(2);
});

test('samples wait at most 5 s or 500 samples, facts for the next commit', async () => {
  const { spool, clock } = kitOf();
  spool.addPoll(poll(1, clock.now(), 1));
  await clock.advance(4_999);
  expect(spool.lanes()[3]?.next).toBe(1);
  await clock.advance(1);
  expect(spool.lanes()[3]?.next).toBe(2);
  for (let i = 0; i < 166; i += 1) spool.addPoll(poll(i, clock.now(), i));
  expect(spool.lanes()[3]?.next).toBe(2);
  spool.addPoll(poll(1, clock.now() + 1, 2)); // 167 * 3 = 501 samples
  expect(spool.lanes()[3]?.next).toBe(3);
  spool.addRecord(3, fact(clock.now(), 10));
  expect(spool.lanes()[3]?.next).toBe(3);
  spool.addRecord(0, audit(clock.now(), 'commit'));
  expect(spool.lanes()[3]?.next).toBe(4);
});

test('live samples wait at most 3 s, so that they are at the console within 5', async () => {
  const { spool, clock } = kitOf();
  spool.setLive(true);
  spool.addPoll(poll(1, clock.now(), 1));
  await clock.advance(2_999);
  expect(spool.lanes()[2]?.next).toBe(1);
  await clock.advance(1);
  expect(spool.lanes()[2]?.next).toBe(2);
});

test('what waits when the link comes up is backlog, and what comes then waits as live samples do', async () => {
  const { spool, clock } = kitOf();
  spool.addPoll(poll(1, clock.now(), 1));
  await clock.advance(4_000);
  spool.setLive(true);
  expect(countersOf(readAll(spool, 3))).toEqual([1]);
  spool.addPoll(poll(1, clock.now(), 2));
  await clock.advance(2_999);
  expect(readAll(spool, 2)).toEqual([]);
  await clock.advance(1);
  expect(countersOf(readAll(spool, 2))).toEqual([2]);
});

test('a batch gets its lane when it is written, and each lane decodes for itself in one hour', () => {
  const { spool, clock } = kitOf();
  for (let n = 1; n <= 12; n += 1) {
    spool.setLive(n % 3 !== 0);
    spool.addPoll(poll(1, clock.now() + n * 1_000, n));
    spool.flush();
  }
  expect(countersOf(readAll(spool, 2))).toEqual([1, 2, 4, 5, 7, 8, 10, 11]);
  expect(countersOf(readAll(spool, 3))).toEqual([3, 6, 9, 12]);
});

test('a batch holds samples of one hour only, and each hour begins with full records', () => {
  const { spool, clock } = kitOf();
  const end = clock.now() + HOUR_MS;
  spool.addPoll(poll(1, end + 5, 3));
  spool.addPoll(poll(1, end - 10, 1));
  spool.addPoll(poll(2, end - 5, 2));
  spool.flush();
  spool.addPoll(poll(1, end + 20, 4));
  spool.flush();
  const items = readAll(spool, 3);
  const hours = items.map((item) => ('batch' in item ? [item.batch.hour, item.batch.n] : []));
  const first = hourOf(clock.now());
  expect(hours).toEqual([
    [first, 6],
    [first + 1, 3],
    [first + 1, 3],
  ]);
  expect(countersOf(items)).toEqual([1, 2, 3, 4]);
});

test('what a transaction adds is written with it, or not at all', () => {
  const { spool, clock } = kitOf();
  spool.database.exec('create table journal (id text primary key) strict');
  const order = (id: string) => () => {
    spool.database.prepare('insert into journal (id) values (?)').run(id);
    spool.addRecord(0, audit(clock.now(), id));
    if (id === 'bad') throw new Error('refused');
  };
  spool.transact(order('one'));
  expect(() => spool.transact(order('bad'))).toThrow('refused');
  spool.transact(order('two'));
  expect(spool.database.prepare('select id from journal order by id').pluck().all()).toEqual(['one', 'two']);
  expect(seqsOf(readAll(spool, 0))).toEqual(['1', '2']);
});

test('a commit is told to the link, lane by lane, after it is on disk', () => {
  const { spool, clock } = kitOf();
  const told: number[] = [];
  spool.onWritten = (lane) => told.push(lane);
  spool.addRecord(3, fact(clock.now(), 10));
  spool.addRecord(0, audit(clock.now(), 'x'));
  expect(told).toEqual([0, 3]);
});

test('reading stops at the bounds, but always moves', () => {
  const { spool, clock } = kitOf();
  for (let i = 0; i < 5; i += 1) spool.addRecord(0, audit(clock.now(), 'x'.repeat(1_000)));
  expect(seqsOf(spool.read(0, 2, 2, 1e6))).toEqual(['2', '3']);
  expect(seqsOf(spool.read(0, 1, 10, 2_500))).toEqual(['1', '2']);
  expect(seqsOf(spool.read(0, 1, 10, 1))).toEqual(['1']);
  expect(spool.read(0, 6, 10, 1e6)).toEqual([]);
});

test('acknowledged batches are kept 24 h and then freed; what is not durable stays', async () => {
  const { spool, clock } = kitOf();
  for (let i = 0; i < 4; i += 1) spool.addRecord(0, audit(clock.now(), 'x'));
  spool.acknowledge({ lane: 0, received: 4, durable: 3 });
  await clock.advance(23 * HOUR_MS + 59 * 60_000);
  expect(seqsOf(readAll(spool, 0))).toEqual(['1', '2', '3', '4']);
  await clock.advance(12 * 60_000);
  expect(spool.lanes()[0]).toEqual({ lane: 0, oldest: 4, next: 5 });
  expect(seqsOf(readAll(spool, 0))).toEqual(['1-3 not-kept 3', '4']);
  expect(spool.stats().lost).toBe(0);
});

test('a console cannot make the spool free what it never sent', async () => {
  const { spool, clock } = kitOf();
  spool.addRecord(0, audit(clock.now(), 'x'));
  spool.acknowledge({ lane: 0, received: 1_000, durable: 1_000 });
  spool.addRecord(0, audit(clock.now(), 'y'));
  await clock.advance(25 * HOUR_MS);
  expect(seqsOf(readAll(spool, 0, 2))).toEqual(['2']);
});

test('a console restored from a backup moves the watermarks down, and nothing is freed early', async () => {
  const { spool, clock } = kitOf();
  for (let i = 0; i < 4; i += 1) spool.addRecord(0, audit(clock.now(), 'x'));
  spool.acknowledge({ lane: 0, received: 4, durable: 4 });
  await clock.advance(20 * HOUR_MS);
  expect([spool.meetConsole('a'), spool.meetConsole('a'), spool.meetConsole('b')]).toEqual([
    'first',
    'same',
    'changed',
  ]);
  spool.rewind([{ lane: 0, received: 1, durable: 1 }]);
  await clock.advance(10 * HOUR_MS);
  expect(seqsOf(readAll(spool, 0, 2))).toEqual(['2', '3', '4']);
});

test('a new epoch in the same file keeps what is not durable and counts nothing as lost', () => {
  const { spool, clock } = kitOf();
  let told = 0;
  spool.onEpoch = () => {
    told += 1;
  };
  for (let i = 0; i < 4; i += 1) spool.addRecord(0, audit(clock.now(), 'x'));
  spool.acknowledge({ lane: 0, received: 3, durable: 2 });
  const before = spool.epoch;
  spool.renewEpoch();
  expect(spool.epoch).not.toBe(before);
  expect(told).toBe(1);
  expect(seqsOf(readAll(spool, 0))).toEqual(['1-2 spool-lost 0', '3', '4']);
  expect(spool.stats().lost).toBe(0);
});

test('replay for lost decoders begins at the first batch of the oldest hour that is not durable', () => {
  const { spool, clock } = kitOf();
  for (const [hour, counter] of [
    [0, 1],
    [1, 2],
    [1, 3],
    [1, 4],
    [2, 5],
  ] as const) {
    spool.addPoll(poll(1, clock.now() + hour * HOUR_MS + counter, counter));
    spool.flush();
  }
  expect(spool.replayFrom(3, 0)).toBe(1);
  expect(spool.replayFrom(3, 3)).toBe(2);
  expect(spool.replayFrom(3, 4)).toBe(5);
  expect(spool.replayFrom(3, 5)).toBe(6);
});

test('output over the size of a batch is cut and marked; a fact over it is refused at its maker', () => {
  const { spool, clock } = kitOf();
  const manifest = '0191a0a0-0000-7000-8000-000000000001' as never; // a branded id, valid by its looks
  const big = new Uint8Array(MAX_BATCH_BYTES);
  spool.addRecord(0, {
    type: 'outcome',
    manifest,
    device: deviceId(1),
    at: clock.now(),
    state: 'failed',
    stdout: big,
    stderr: big,
  });
  const [item] = readAll(spool, 0);
  const [record] = recordsOf(item);
  expect(record).toMatchObject({ isTruncated: true });
  expect(() => spool.addRecord(3, fact(clock.now(), MAX_BATCH_BYTES))).toThrow('over');
});

test('the hot cache is filled from kept samples of both lanes, in order of time', () => {
  const { spool, clock, reopen } = kitOf();
  const from = clock.now();
  for (let n = 1; n <= 6; n += 1) {
    spool.setLive(n % 2 === 0);
    spool.addPoll(poll(1, from + n * HOUR_MS * 0.4, n));
    spool.flush();
  }
  const again = reopen();
  const counters = (since: number) => [...again.recentPolls(since)].map((record) => record.values[1]);
  expect(counters(from)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(counters(from + 3 * HOUR_MS * 0.4)).toEqual([3, 4, 5, 6]);
});
