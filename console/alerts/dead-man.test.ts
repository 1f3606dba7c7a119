// The word that the console lives: told while it is well, and only then.
import { expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { tellAlive } from './dead-man.ts';

test('it is told each minute while the console is well, whatever the monitor answers', async () => {
  const clock = new FakeClock();
  const stopping = new AbortController();
  const told: string[] = [];
  let well = true;
  const answers = [() => new Response('', { status: 200 }), () => new Response('', { status: 500 }), () => refuse()];
  const running = tellAlive(
    {
      ...{ clock, url: 'https://monitor.example/ping/1', everyMs: 60_000, log: silentLogger },
      isWell: () => well,
      fetch: async (url) => {
        told.push(url);
        return (answers[told.length - 1] ?? refuse)();
      },
    },
    stopping.signal,
  );
  await clock.advance(59_000);
  expect(told).toEqual([]);
  await clock.advance(1_000);
  await clock.advance(60_000);
  await clock.advance(60_000);
  expect(told).toHaveLength(3);
  well = false;
  await clock.advance(600_000);
  expect(told).toHaveLength(3);
  well = true;
  await clock.advance(60_000);
  expect(told).toHaveLength(4);
  stopping.abort();
  await clock.advance(60_000);
  await running;
});

function refuse(): never {
  throw new AppError('unavailable', 'monitor.example does not answer');
}
