// What is missing is cut to what is seen.
import { expect, test } from 'vitest';
import { stretchesWithin } from './stretches.ts';

test('parts outside are left out, others are cut at the edges of the span', () => {
  const parts = [
    { from: 0, to: 10, text: 'a' },
    { from: 5, to: 25, text: 'b' },
    { from: 40, to: 90, text: 'c' },
    { from: 60, to: 90, text: 'd' },
  ];
  expect(stretchesWithin(parts, 20, 60)).toEqual([
    { from: 20, to: 25, text: 'b' },
    { from: 40, to: 60, text: 'c' },
  ]);
});
