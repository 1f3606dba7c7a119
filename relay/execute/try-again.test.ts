// Proves how long each kind of failure waits, and which are never tried again.
import { expect, test } from 'vitest';
import { nextTry } from './try-again.ts';

const NOW = 1_000_000;
const times = { random: () => 0.5, now: NOW, exp: NOW + 86_400_000 };

test('a failure of the line waits longer each time, and then for the device', () => {
  const waits = [1, 2, 3, 4, 5].map((n) => nextTry('timed-out', n, times));
  expect(waits.map(({ waitMs }) => waitMs)).toEqual([1_000, 2_000, 4_000, 8_000, 5_400_000 * 0.75]);
  expect(waits.map(({ attempt }) => attempt.class)).toEqual([
    'transient',
    'transient',
    'transient',
    'transient',
    'device',
  ]);
});

test('chance spreads the waits', () => {
  const waitOf = (chance: number) => nextTry('lost', 3, { ...times, random: () => chance }).waitMs;
  expect(waitOf(0)).toBe(200);
  expect(waitOf(0.99)).toBe(7_920);
});

test('a device that is away is looked for from every five minutes to every hour', () => {
  const early = { ...times, random: () => 0 };
  expect([1, 2, 3, 4, 5, 20].map((n) => nextTry('unreachable', n, early).waitMs)).toEqual([
    300_000, 600_000, 1_200_000, 2_400_000, 3_600_000, 3_600_000,
  ]);
});

test('no wait goes beyond the end of the order', () => {
  const next = nextTry('unreachable', 1, { ...times, exp: NOW + 1_000 });
  expect(next).toEqual({ attempt: { n: 1, class: 'device', nextAt: NOW + 1_000 }, waitMs: 1_000 });
  expect(nextTry('unreachable', 1, { ...times, exp: NOW - 1 }).waitMs).toBe(0);
});

test.each([
  'denied',
  'credential-missing',
  'host-key-changed',
  'identity-changed',
  'unsupported',
  'cancelled',
] as const)('%s is not tried again', (reason) => {
  const { attempt, waitMs } = nextTry(reason, 1, times);
  expect(waitMs).toBeUndefined();
  expect(attempt.nextAt).toBeUndefined();
});
