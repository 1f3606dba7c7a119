// Proves what is left of stretches of time.
import { expect, test } from 'vitest';
import { clipped, holds, joined, without } from './span.ts';

const span = (from: number, to: number) => ({ from, to });

test('what touches is one, what is empty is none', () => {
  expect(joined([span(5, 7), span(1, 3), span(3, 4), span(2, 3), span(9, 9)])).toEqual([span(1, 4), span(5, 7)]);
});

test('a hole takes the middle, an end, all or nothing', () => {
  const holes = [span(2, 3), span(6, 9), span(20, 30)];
  expect(without([span(1, 4), span(5, 7), span(21, 22), span(40, 41)], holes)).toEqual([
    span(1, 2),
    span(3, 4),
    span(5, 6),
    span(40, 41),
  ]);
});

test('its begin belongs to a span and its end does not', () => {
  expect([1, 3, 4].map((at) => holds(span(1, 4), at))).toEqual([true, true, false]);
  expect(clipped([span(1, 4), span(4, 9)], 4, 6)).toEqual([span(4, 6)]);
});
