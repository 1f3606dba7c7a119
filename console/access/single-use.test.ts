// Proves the store of what is good once: taken once, for a while, and bounded.
import { expect, test } from 'vitest';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { SingleUse } from './single-use.ts';

test('it is there once, and gone after its time', async () => {
  const clock = new FakeClock();
  const store = new SingleUse<number>({ clock, lifeMs: 1_000, capacity: 10 });
  store.keep('a', 1);
  store.keep('b', 2);
  expect([store.take('a'), store.take('a')]).toEqual([1, undefined]);
  await clock.advance(1_000);
  expect(store.take('b')).toBeUndefined();
});

test('at the bound the oldest makes room', () => {
  const store = new SingleUse<number>({ clock: new FakeClock(), lifeMs: 1_000, capacity: 3 });
  for (let n = 0; n < 10; n += 1) store.keep(String(n), n);
  expect(['6', '7', '8', '9'].map((key) => store.take(key))).toEqual([undefined, 7, 8, 9]);
});
