// Proves that each wait ends on its own time, whatever was written in between, and that waits do not pile up sleeps.
import { expect, test } from 'vitest';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { CommitTimer } from './commit-timer.ts';

function timer() {
  const clock = new FakeClock();
  const due: number[] = [];
  const stop = new AbortController();
  const one = new CommitTimer({ clock, signal: stop.signal, onDue: () => due.push(clock.monotonic()) });
  return { clock, due, stop, timer: one };
}

test('a wait ends once, at the time of its first arming', async () => {
  const { clock, due, timer: one } = timer();
  one.arm(5_000);
  await clock.advance(3_000);
  one.arm(5_000);
  await clock.advance(10_000);
  expect(due).toEqual([5_000]);
});

test('a wait that begins after a write is not cut short by the one before', async () => {
  const { clock, due, timer: one } = timer();
  one.arm(5_000);
  await clock.advance(4_000);
  one.disarm();
  one.arm(5_000);
  await clock.advance(10_000);
  expect(due).toEqual([9_000]);
});

test('a shorter wait than the one before ends in time', async () => {
  const { clock, due, timer: one } = timer();
  one.arm(5_000);
  one.disarm();
  one.arm(3_000);
  await clock.advance(10_000);
  expect(due).toEqual([3_000]);
});

test('a thousand writes before their time leave one sleep, and an abort leaves none', () => {
  const { clock, stop, timer: one } = timer();
  for (let i = 0; i < 1_000; i += 1) {
    one.arm(5_000);
    one.disarm();
  }
  expect(clock.sleeping).toBe(1);
  stop.abort();
  expect(clock.sleeping).toBe(0);
});
