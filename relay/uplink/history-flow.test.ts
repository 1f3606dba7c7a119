// Proves that history takes the line one answer at a time, grows with it, and gives way where it is slow.
import { expect, test } from 'vitest';
import { MAX_CHUNKS_BYTES } from '#shared/protocol/history.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { HistoryFlow } from './history-flow.ts';

test('one answer at a time; the next has room when the former arrived', () => {
  const flow = new HistoryFlow(new FakeClock());
  expect(flow.room).toBe(8_192);
  flow.sent(1, 8_000);
  expect(flow.room).toBe(0);
  flow.got(9);
  expect(flow.room).toBe(0);
  flow.got(1);
  expect(flow.room).toBeGreaterThan(8_192);
});

test('a fast line is full after a few answers, a slow one stays at a few kilobytes', async () => {
  const clock = new FakeClock();
  const grown = async (msPerKiB: number) => {
    const flow = new HistoryFlow(clock);
    for (let ask = 1; ask <= 40; ask += 1) {
      const bytes = flow.room;
      flow.sent(ask, bytes);
      await clock.advance(Math.ceil((bytes / 1_024) * msPerKiB));
      flow.got(ask);
    }
    return flow.room;
  };
  expect(await grown(0.1)).toBe(MAX_CHUNKS_BYTES);
  expect(await grown(100)).toBeLessThanOrEqual(32_768);
});

test('an answer that nobody confirms holds the line for ten seconds', async () => {
  const clock = new FakeClock();
  const flow = new HistoryFlow(clock);
  flow.sent(1, 4_000);
  expect(flow.allowanceMs()).toBeGreaterThan(0);
  await clock.advance(9_000);
  expect(flow.room).toBe(0);
  await clock.advance(1_000);
  expect(flow.room).toBeGreaterThan(0);
});
