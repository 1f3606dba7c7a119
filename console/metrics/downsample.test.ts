// Charts keep extremes, averages and gaps whatever their width.
import { expect, test } from 'vitest';
import { downsample } from './downsample.ts';

const span = (to: number, maxPoints: number) => ({ from: 0, to, maxPoints, intervalMs: 10 });

test('few points pass through unchanged', () => {
  expect(downsample({ at: [0, 10, 20], values: [1, null, 3] }, span(100, 10))).toEqual({
    at: [0, 10, 20],
    min: [1, null, 3],
    avg: [1, null, 3],
    max: [1, null, 3],
  });
});

test('two missed polls are a gap, one late poll is none', () => {
  const chart = downsample({ at: [0, 10, 34, 44, 74, 84], values: [1, 1, 1, 1, 1, 1] }, span(100, 10));
  expect(chart.at).toEqual([0, 10, 34, 44, 59, 74, 84]);
  expect(chart.avg).toEqual([1, 1, 1, 1, null, 1, 1]);
});

test('a slower poll than configured is no row of gaps', () => {
  const chart = downsample({ at: [0, 60, 120, 180], values: [1, 2, 3, 4] }, span(200, 10));
  expect(chart.avg).toEqual([1, 2, 3, 4]);
});

test('many points become at most maxPoints with the true minimum, maximum and average of each bucket', () => {
  const at = Array.from({ length: 1_000 }, (_, i) => i * 10);
  const values = at.map((_, i) => i % 100);
  const chart = downsample({ at, values }, span(10_000, 10));
  expect(chart.at).toEqual([500, 1500, 2500, 3500, 4500, 5500, 6500, 7500, 8500, 9500]);
  expect(chart.min).toEqual(Array(10).fill(0));
  expect(chart.max).toEqual(Array(10).fill(99));
  expect(chart.avg).toEqual(Array(10).fill(49.5));
});

test('an hour of silence stays empty after thinning', () => {
  const at = Array.from({ length: 1_000 }, (_, i) => i * 10).filter((time) => time < 3_000 || time >= 6_000);
  const chart = downsample({ at, values: at.map(() => 7) }, span(10_000, 10));
  expect(chart.avg).toEqual([7, 7, 7, null, 7, 7, 7, 7]);
  expect(chart.at[3]).toBe(3_500);
});

test('points outside the span are left out, also at its ends', () => {
  const chart = downsample(
    { at: [0, 10, 20, 30], values: [1, 2, 3, 4] },
    { from: 10, to: 20, maxPoints: 5, intervalMs: 10 },
  );
  expect(chart.at).toEqual([10, 20]);
});

test('no points, no chart', () => {
  expect(downsample({ at: [], values: [] }, span(10, 5))).toEqual({ at: [], min: [], avg: [], max: [] });
});
