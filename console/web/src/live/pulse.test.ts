// A connection is given up after a silence, and every sign of life puts that off.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pulse } from './pulse.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('forty seconds of silence end it, counted from the last sign of life', () => {
  const pulse = new Pulse();
  vi.advanceTimersByTime(39_000);
  pulse.beat();
  vi.advanceTimersByTime(39_000);
  expect(pulse.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1_001);
  expect(pulse.signal.aborted).toBe(true);
});

test('one that is stopped never ends', () => {
  const pulse = new Pulse();
  vi.advanceTimersByTime(20_000);
  pulse.beat();
  vi.advanceTimersByTime(25_000);
  pulse.stop();
  vi.advanceTimersByTime(100_000);
  expect([pulse.signal.aborted, vi.getTimerCount()]).toEqual([false, 0]);
});
