// A fast clock is one clock: wall time, monotonic time and sleeps agree.
import { expect, test } from 'vitest';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { clockFrom, fastClock } from './fast-clock.ts';

test('an hour passes in a minute at sixty times the speed, by both of its times, and a sleep ends then', async () => {
  const inner = new FakeClock(1_000_000);
  const clock = fastClock(60, inner);
  const [now, monotonic] = [clock.now(), clock.monotonic()];
  let isOver = false;
  const sleeping = clock.sleep(3_600_000).then(() => {
    isOver = true;
  });
  await inner.advance(59_999);
  expect(isOver).toBe(false);
  await inner.advance(1);
  await sleeping;
  expect(clock.now() - now).toBe(3_600_000);
  expect(clock.monotonic() - monotonic).toBe(3_600_000);
});

test('a clock that begins at another time goes on from there as fast as the other', async () => {
  const inner = new FakeClock(1_000_000);
  const clock = clockFrom(5_000, inner);
  expect(clock.now()).toBe(5_000);
  await inner.advance(70);
  expect(clock.now()).toBe(5_070);
});
