// Percentiles are values that were measured.
import { expect, test } from 'vitest';
import { median, percentile } from './statistics.ts';

test.each([
  [[5], 0.99, 5],
  [[3, 1, 2], 0.5, 2],
  [[4, 3, 2, 1], 0.5, 2],
  [Array.from({ length: 100 }, (_, i) => i + 1), 0.99, 99],
  [Array.from({ length: 100 }, (_, i) => i + 1), 1, 100],
])('of %j, %f is %f', (values, ratio, expected) => {
  expect(percentile(values, ratio)).toBe(expected);
});

test('of nothing there is no median', () => {
  expect(median([])).toBeNaN();
});
