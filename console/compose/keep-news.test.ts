// Proves that one failed write does not end the news for good.
import { expect, test } from 'vitest';
import { silentLogger } from '#shared/runtime/logger.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { keepNews } from './keep-news.ts';

test('a database that fails once gets the news two seconds later', async () => {
  const clock = new FakeClock();
  const stopping = new AbortController();
  let writes = 0;
  const desk = {
    flushNews: async () => {
      writes += 1;
      if (writes === 1) throw new Error('database is locked');
    },
  };
  const running = keepNews({ clock, desk, registry: { relays: () => [] }, log: silentLogger }, stopping.signal);
  await clock.advance(2_000);
  await clock.advance(2_000);
  expect(writes).toBe(2);
  stopping.abort();
  await running;
});
