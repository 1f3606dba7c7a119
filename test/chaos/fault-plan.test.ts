// Proves that a plan holds what is promised and repeats from its seed.
import { expect, test } from 'vitest';
import { planFaults } from './fault-plan.ts';

const minute = (seed: number) => planFaults({ seed, seconds: 60, relays: 8, killsPerSecond: 1.5 });

test('a minute holds the kills asked for, spread over the console and every relay, and all within its time', () => {
  const plan = minute(7);
  const kills = plan.flatMap((fault) => (fault.kind === 'kill' ? [fault.target] : []));
  expect(kills.length).toBe(90);
  expect(new Set(kills)).toEqual(new Set(['console', 0, 1, 2, 3, 4, 5, 6, 7]));
  expect(kills.filter((target) => target === 'console').length).toBeGreaterThan(8);
  expect(plan.every(({ atMs }) => atMs >= 0 && atMs < 60_000)).toBe(true);
  expect(plan.map(({ atMs }) => atMs)).toEqual(plan.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
});

test('the same seed plans the same faults, another seed others', () => {
  expect(minute(1)).toEqual(minute(1));
  expect(minute(1)).not.toEqual(minute(2));
});
