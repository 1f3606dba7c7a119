// The trail on the page has each row once, and no hole that nobody sees.
import { expect, test } from 'vitest';
import { hasGap, merged } from './merged-rows.ts';

const rows = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, n) => ({ seq: from - n }));

test('what came lately stands before what was read earlier, each once', () => {
  expect(merged(rows(7, 4), rows(5, 1))).toEqual(rows(7, 1));
  expect(merged([], rows(2, 1))).toEqual(rows(2, 1));
  expect(merged(rows(2, 1), [])).toEqual(rows(2, 1));
});

test.each([
  ['a whole page of which nothing was read before', rows(20, 17), rows(10, 1), true],
  ['a whole page whose last row is the first that was read', rows(13, 10), rows(10, 1), false],
  ['fewer rows than a page, which are all there are', rows(20, 18), rows(10, 1), false],
  ['nothing that was read before', rows(20, 17), [], false],
  ['nothing new', [], rows(10, 1), false],
] as const)('%s', (_what, newest, older, isGap) => {
  expect(hasGap(newest, older, 4)).toBe(isGap);
});
