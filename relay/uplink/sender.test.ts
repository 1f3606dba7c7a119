// The sender on links of a given speed, simulated to the byte: an outcome never waits for long behind samples.
import { expect, test } from 'vitest';
import type { Spool } from '#relay/spool/spool.ts';
import type { Batch } from '#shared/protocol/batch.ts';
import { LANES, type Lane, type Watermark } from '#shared/protocol/lane.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { BulkWindow } from './bulk-window.ts';
import { CatchUpRate } from './catch-up-rate.ts';
import { Sender } from './sender.ts';

const CREDITS = { batches: 64, bytes: 4 * 1024 * 1024 };

/** A spool whose lanes are endless (2 and 3) or filled by hand. */
class EndlessSpool implements Pick<Spool, 'read' | 'acknowledge'> {
  next = [1, 1, 1, Number.POSITIVE_INFINITY];
  readonly sizes: readonly number[];
  readonly acked: Watermark[] = [];

  constructor(sizes: readonly number[]) {
    this.sizes = sizes;
  }

  read(lane: Lane, seq: number): Array<{ batch: Batch }> {
    if (seq >= (this.next[lane] ?? 1)) return [];
    const data = new Uint8Array(this.sizes[lane] ?? 1);
    return [{ batch: { lane, seq, kind: 'records', hour: 1, n: 1, crc: 0, data } }];
  }

  acknowledge(mark: Watermark): void {
    this.acked.push(mark);
  }
}

/** Simulates a link of `bytesPerSecond` with a network buffer that takes everything, in steps of 10 ms. */
async function simulate(options: { bytesPerSecond: number; seconds: number; outcomeEveryMs: number; rttMs: number }) {
  const clock = new FakeClock();
  const spool = new EndlessSpool([600, 600, 1_000, 1_000]);
  const queue: Array<{ lane: Lane; seq: number; bytes: number }> = [];
  const acks: Array<{ at: number; lane: Lane; received: number }> = [];
  const bornAt = new Map<number, number>();
  const waits: number[] = [];
  let most = 0;
  let budget = 0;
  let delivered = 0;
  const lanes = LANES.map((lane) => ({ lane, received: 0, durable: 0 }));
  const welcome = { proto: 1, incarnation: '', lanes, credits: CREDITS, catchUpPerSecond: 10_000, serverTime: 0 };
  const sender = new Sender({
    spool,
    clock,
    welcome,
    bufferedBytes: () => 0,
    send: (frame) => {
      if (frame.type !== 'BATCH') throw new Error('no gap is expected');
      const bytes = frame.body.data.length + 60;
      queue.push({ lane: frame.body.lane, seq: frame.body.seq, bytes });
      return bytes;
    },
  });
  for (let at = 0; at < options.seconds * 1_000; at += 10) {
    if (at % options.outcomeEveryMs === 0) {
      bornAt.set(spool.next[0] ?? 1, at);
      spool.next[0] = (spool.next[0] ?? 1) + 1;
    }
    if (at % 1_000 === 0) spool.next[2] = (spool.next[2] ?? 1) + 1;
    sender.pump();
    most = Math.max(
      most,
      queue.reduce((sum, sent) => sum + sent.bytes, 0),
    );
    budget = Math.min(budget + options.bytesPerSecond / 100, Math.max(2_000, options.bytesPerSecond / 10));
    for (let head = queue[0]; head !== undefined && budget >= head.bytes; head = queue[0]) {
      queue.shift();
      budget -= head.bytes;
      delivered += head.bytes;
      acks.push({ at: at + options.rttMs, lane: head.lane, received: head.seq });
      const born = head.lane === 0 ? bornAt.get(head.seq) : undefined;
      if (born !== undefined) waits.push(at - born);
    }
    for (let ack = acks[0]; ack !== undefined && ack.at <= at; ack = acks[0]) {
      acks.shift();
      sender.onAck({ lanes: [{ lane: ack.lane, received: ack.received, durable: ack.received }] });
    }
    await clock.advance(10);
  }
  return {
    worstMs: Math.max(...waits),
    n: waits.length,
    most,
    share: delivered / options.bytesPerSecond / options.seconds,
  };
}

test('on 64 kbit/s with an endless backlog an outcome leaves within 2 s, and the link stays in use', async () => {
  const result = await simulate({ bytesPerSecond: 8_000, seconds: 90, outcomeEveryMs: 3_000, rttMs: 100 });
  expect(result.n).toBeGreaterThan(25);
  expect(result.most).toBeLessThan(16 * 1024);
  expect(result.worstMs).toBeLessThan(2_000);
  expect(result.share).toBeGreaterThan(0.85);
});

test('on 10 Mbit/s the backlog fills the link', async () => {
  const result = await simulate({ bytesPerSecond: 1_250_000, seconds: 30, outcomeEveryMs: 3_000, rttMs: 30 });
  expect(result.worstMs).toBeLessThan(500);
  expect(result.share).toBeGreaterThan(0.85);
});

test('over a satellite, 600 ms away, the window still grows', async () => {
  const result = await simulate({ bytesPerSecond: 60_000, seconds: 60, outcomeEveryMs: 3_000, rttMs: 600 });
  expect(result.worstMs).toBeLessThan(2_000);
  expect(result.share).toBeGreaterThan(0.75);
});

test('a window that is not used does not grow', () => {
  const window = new BulkWindow();
  const before = window.bytes;
  for (let i = 0; i < 1_000; i += 1) {
    window.onAck({ latencyMs: 5, ahead: 500, acked: 500, now: i * 1_000, maxBytes: 4e6 });
  }
  expect(window.bytes).toBe(before);
});

test('the catch-up rate spends a second at once, then keeps to its pace', () => {
  const rate = new CatchUpRate(4, 0);
  const takes = (now: number) => {
    const count = rate.available(now);
    rate.take(count);
    return count;
  };
  expect([takes(0), takes(250), takes(1_250), takes(60_000)]).toEqual([4, 1, 4, 4]);
  expect(rate.waitMs(60_000)).toBe(250);
  rate.change(1, 60_000);
  expect(rate.waitMs(60_000)).toBe(1_000);
});

/** A spool with `count` batches of samples in lanes 2 and 3. */
const waiting = (count: number): Pick<Spool, 'read' | 'acknowledge'> => ({
  acknowledge: () => undefined,
  read: (lane, seq, maxBatches) =>
    Array.from({ length: lane < 2 ? 0 : Math.max(0, Math.min(maxBatches, count - seq + 1)) }, (_, i) => ({
      batch: { lane, seq: seq + i, kind: 'samples', hour: 1, n: 1, crc: 0, data: new Uint8Array(100) },
    })),
});

test.each([
  ['one by one to an older console', 8, 10_000, ['2:1', '2:2', '2:3', '2:4', '2:5', '3:1', '3:2', '3:3', '3:4', '3:5']],
  ['together, as far as the window reaches', 9, 10_000, ['2:1-5', '3:1-5']],
  ['a backlog as the rate allows', 9, 3, ['2:1-5', '3:1-3']],
])('what waits goes %s', (_how, proto, catchUpPerSecond, expected) => {
  const sent: string[] = [];
  const lanes = LANES.map((lane) => ({ lane, received: 0, durable: 0 }));
  const sender = new Sender({
    spool: waiting(5),
    clock: new FakeClock(),
    welcome: { proto, incarnation: '', lanes, credits: CREDITS, catchUpPerSecond, serverTime: 0 },
    bufferedBytes: () => 0,
    send: ({ type, body }) => {
      if (type !== 'BATCH') throw new Error('no gap is expected');
      sent.push(`${body.lane}:${body.from === undefined ? '' : `${body.from}-`}${body.seq}`);
      return body.data.length;
    },
  });
  sender.pump();
  expect(sent).toEqual(expected);
  expect(sender.stats.batches).toBe(expected.at(-1) === '3:1-3' ? 8 : 10);
});
