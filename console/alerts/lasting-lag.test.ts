// A lag is told when it lasts; what a cut line held back passes.
import { expect, test } from 'vitest';
import { LastingLag } from './lasting-lag.ts';

const MINUTE_MS = 60_000;

test('what a cut held back is late for two minutes, and nobody is told', () => {
  const lag = new LastingLag();
  expect([0, 1, 2].map((minute) => lag.read(170_000, minute * MINUTE_MS))).toEqual([0, 0, 0]);
  expect(lag.read(900, 3 * MINUTE_MS)).toBe(900);
  expect(lag.read(170_000, 4 * MINUTE_MS)).toBe(0);
});

test('a console that stays behind says so after three minutes, until it has caught up', () => {
  const lag = new LastingLag();
  for (let minute = 0; minute < 3; minute += 1) lag.read(40_000, minute * MINUTE_MS);
  expect(lag.read(41_000, 3 * MINUTE_MS)).toBe(41_000);
  expect(lag.read(null, 4 * MINUTE_MS)).toBeNull();
  expect(lag.read(42_000, 5 * MINUTE_MS)).toBe(0);
});
