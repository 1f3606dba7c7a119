// Proves that questions about the past wait for a free line, are answered in order, and are bounded.
import { expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import type { ChunksMessage } from '#shared/protocol/history.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { HistoryDesk, type HistoryDeskDeps } from './history-desk.ts';

function rig(answer?: HistoryDeskDeps['answer']) {
  const clock = new FakeClock();
  const line = { room: 8_192 };
  const told: ChunksMessage[] = [];
  const asked: number[] = [];
  const desk = new HistoryDesk({
    clock,
    log: silentLogger,
    answer:
      answer ??
      (({ ask }, maxBytes) => {
        asked.push(maxBytes);
        return { kind: 'chunks', ask, series: [], chunks: [] };
      }),
    room: () => line.room,
    tell: (message) => told.push(message) > 0,
  });
  return { clock, line, told, asked, desk };
}

const chunks = (ask: number) => ({ kind: 'chunks', ask, from: 0, to: 1, maxBytes: 100_000 }) as const;

test('an answer waits until the line is free, and is no larger than what it takes', async () => {
  const { clock, line, told, asked, desk } = rig();
  line.room = 0;
  void desk.receive(chunks(1));
  void desk.receive(chunks(2));
  await clock.advance(1_000);
  expect(told).toEqual([]);
  line.room = 5_000;
  await clock.advance(100);
  await settle();
  expect(told.map(({ ask }) => ask)).toEqual([1, 2]);
  expect(asked).toEqual([5_000, 5_000]);
});

test('the ninth question that waits is refused, and so is one that cannot be answered', async () => {
  const { line, told, desk } = rig();
  line.room = 0;
  for (let ask = 1; ask <= 9; ask += 1) void desk.receive(chunks(ask));
  await settle();
  expect(told).toMatchObject([{ kind: 'refusal', ask: 9, code: 'rate-limited' }]);
  await desk.stop();

  const broken = rig(() => {
    throw new AppError('unavailable', 'no such folder');
  });
  await broken.desk.receive(chunks(1));
  expect(broken.told).toMatchObject([{ kind: 'refusal', ask: 1, code: 'unavailable' }]);
});

test('after half a minute without a free line nothing is told: nobody waits any more', async () => {
  const { clock, line, told, desk } = rig();
  line.room = 0;
  const served = desk.receive(chunks(1));
  await clock.advance(31_000);
  await served;
  line.room = 9_000;
  await clock.advance(1_000);
  expect(told).toEqual([]);
});
