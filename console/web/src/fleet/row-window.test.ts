// Only the rows in sight stand in the page, and a step by keys brings the next one there.
import { expect, test } from 'vitest';
import { scrolledTo, windowOf } from './row-window.ts';

const sight = { count: 10_000, rowPx: 34, heightPx: 340, scrollTop: 0 };

test.each([
  ['at the top, and a few below', {}, { from: 0, to: 13 }],
  ['in the middle, a few more on both sides', { scrollTop: 3_400 }, { from: 96, to: 113 }],
  ['between two rows, both of them', { scrollTop: 3_417 }, { from: 96, to: 114 }],
  ['at the end, no more than there are', { scrollTop: 339_694 }, { from: 9_987, to: 10_000 }],
  ['a list that became shorter: its end', { count: 20, scrollTop: 9_000 }, { from: 7, to: 20 }],
  ['all of a list that fits', { count: 3, scrollTop: 50 }, { from: 0, to: 3 }],
  ['of nothing, nothing', { count: 0 }, { from: 0, to: 0 }],
])('%s', (_, change, rows) => expect(windowOf({ ...sight, ...change })).toEqual(rows));

test.each([
  ['what is seen moves nothing', 5, 100, 100],
  ['what is above comes below the head', 2, 500, 68],
  ['what is below comes to the lower edge', 20, 100, 408],
])('%s', (_, index, scrollTop, top) => expect(scrolledTo(index, { ...sight, scrollTop })).toBe(top));
