// Bits that flipped on disk: found by the checksum, set aside, told as a counted gap, and nothing after them is lost.
import { expect, onTestFinished, test } from 'vitest';
import { audit, countersOf, makeSpoolKit, poll, readAll, seqsOf } from '#test/fixtures/spool-kit.ts';
import type { DurableSpool } from './durable-spool.ts';

const LANE_SPAN = 2 ** 48;

function flipBit(spool: DurableSpool, lane: number, seq: number): void {
  const id = lane * LANE_SPAN + seq;
  const data = spool.database.prepare<[number], Buffer>('select data from batch where id = ?').pluck().get(id);
  if (data === undefined) throw new Error(`no batch ${seq} in lane ${lane}`);
  const flipped = Uint8Array.from(data, (byte, i) => (i === data.length - 1 ? byte ^ 1 : byte));
  spool.database.prepare('update batch set data = ? where id = ?').run(flipped, id);
}

test('a damaged record batch reads as a gap of what it held, once and for all', () => {
  const { spool, clock, events, afterKill } = makeSpoolKit(onTestFinished);
  spool.addRecords(0, [audit(clock.now(), 'a'), audit(clock.now(), 'b')]);
  spool.addRecord(0, audit(clock.now(), 'c'));
  flipBit(spool, 0, 1);
  expect(seqsOf(readAll(spool, 0))).toEqual(['1-1 corrupt 2', '2']);
  expect(seqsOf(readAll(spool, 0))).toEqual(['1-1 corrupt 2', '2']);
  expect(seqsOf(readAll(afterKill(), 0))).toEqual(['1-1 corrupt 2', '2']);
  expect(spool.stats()).toMatchObject({ quarantined: 1, lost: 2 });
  expect(events.map((event) => event.code)).toEqual(['crc-mismatch']);
});

test('a damaged sample batch takes the rest of its chain, counted; the chain begins anew at once', () => {
  const { spool, clock } = makeSpoolKit(onTestFinished);
  for (let n = 1; n <= 5; n += 1) {
    spool.addPoll(poll(1, clock.now() + n, n));
    spool.flush();
  }
  flipBit(spool, 3, 3);
  expect(seqsOf(readAll(spool, 3))).toEqual(['1', '2', '3-3 corrupt 3', '4-4 corrupt 3', '5-5 corrupt 3']);
  spool.addPoll(poll(1, clock.now() + 6, 6));
  spool.flush();
  expect(countersOf(readAll(spool, 3))).toEqual([1, 2, 6]);
});

test('damage ends at the next beginning of a chain', () => {
  const { spool, clock, afterKill } = makeSpoolKit(onTestFinished);
  const add = (target: DurableSpool, n: number) => {
    target.addPoll(poll(1, clock.now() + n, n));
    target.flush();
  };
  add(spool, 1);
  add(spool, 2);
  const revived = afterKill();
  add(revived, 3);
  add(revived, 4);
  flipBit(revived, 3, 1);
  expect(seqsOf(readAll(revived, 3))).toEqual(['1-1 corrupt 3', '2-2 corrupt 3', '3', '4']);
  expect(countersOf(readAll(revived, 3))).toEqual([3, 4]);
});

test('a refill of the cache passes over damage', () => {
  const { spool, clock } = makeSpoolKit(onTestFinished);
  const from = clock.now();
  for (let n = 1; n <= 3; n += 1) {
    spool.addPoll(poll(1, from + n, n));
    spool.flush();
  }
  flipBit(spool, 3, 2);
  expect([...spool.recentPolls(from)].map((record) => record.values[1])).toEqual([1]);
});

test('the planted bug "no checksum" hands damage on, so that the self-check can see it', () => {
  const { spool, clock } = makeSpoolKit(onTestFinished, { faults: { skipCrc: true } });
  spool.addRecord(0, audit(clock.now(), 'a'));
  flipBit(spool, 0, 1);
  expect(seqsOf(readAll(spool, 0))).toEqual(['1']);
});
