// The waves of an order and its bound, for every size that matters.
import { expect, test } from 'vitest';
import { isFailure, isOverBound, rolloutOf, waveEnds } from './rollout.ts';

test.each([
  [0, 1, []],
  [1, 1, [1]],
  [9, 1, [1, 3, 9]],
  [10, 1, [1, 3, 9, 10]],
  [500, 1, [1, 3, 9, 27, 81, 243, 500]],
  [7, 0, [7]],
  [4, 10, [4]],
  [25, 5, [5, 15, 25]],
])('%i devices with %i first: done after each wave %j', (devices, canary, ends) => {
  expect(waveEnds(devices, canary)).toEqual(ends);
});

test.each([
  [undefined, { canary: 1, haltPercent: 20 }, { canary: 1, haltPercent: 20 }],
  [
    { canary: 5, haltPercent: 90 },
    { canary: 1, haltPercent: 20 },
    { canary: 1, haltPercent: 20 },
  ],
  [
    { canary: 2, haltPercent: 5 },
    { canary: 4, haltPercent: 20 },
    { canary: 2, haltPercent: 5 },
  ],
  [{ canary: 3 }, { canary: 0, haltPercent: 100 }, { canary: 3, haltPercent: 100 }],
])('an order that asks for %j under the rule %j gets %j', (rollout, rule, care) => {
  expect(rolloutOf(rollout === undefined ? {} : { rollout }, rule)).toEqual(care);
});

test('the bound is passed by more than its share, and never at a hundred', () => {
  expect(isOverBound(1, 5, { canary: 1, haltPercent: 20 })).toBe(false);
  expect(isOverBound(2, 5, { canary: 1, haltPercent: 20 })).toBe(true);
  expect(isOverBound(1, 500, { canary: 1, haltPercent: 0 })).toBe(true);
  expect(isOverBound(500, 500, { canary: 0, haltPercent: 100 })).toBe(false);
});

test('what was stopped or too late is no failure of the order', () => {
  expect(['failed', 'refused', 'unknown'].map((state) => isFailure(state as 'failed'))).toEqual([true, true, true]);
  expect(['succeeded', 'cancelled', 'expired', 'halted'].map((state) => isFailure(state as 'failed'))).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
