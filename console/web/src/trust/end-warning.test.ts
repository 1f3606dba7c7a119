// A login's end is told a month, two weeks and three days before.
import { expect, test } from 'vitest';
import { endWarning } from './end-warning.ts';

const DAY = 86_400_000;

test.each([
  [null, undefined],
  [31 * DAY, undefined],
  [30 * DAY, 'soon'],
  [14 * DAY, 'near'],
  [3 * DAY, 'last'],
  [1, 'last'],
  [0, 'over'],
  [-DAY, 'over'],
])('%d ms before the end: %s', (left, expected) => {
  expect(endWarning(left === null ? null : 1_000_000 + left, 1_000_000)).toBe(expected);
});
