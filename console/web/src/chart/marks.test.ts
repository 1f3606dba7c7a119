// Marks are found by the pointer and stand in their place among the rows.
import { expect, test } from 'vitest';
import { type Mark, markNear, marksWithin, withMarks } from './marks.ts';

const mark = (at: number): Mark => ({ at, kind: 'restart', text: `at ${at}` });
const pxOf = (at: number) => at / 10;

test('the nearest mark within reach is meant, and none beyond it', () => {
  const marks = [mark(100), mark(150), mark(900)];
  expect(markNear(marks, 13, pxOf)?.at).toBe(150);
  expect(markNear(marks, 11, pxOf)?.at).toBe(100);
  expect(markNear(marks, 50, pxOf)).toBeUndefined();
});

test('marks outside of the span are left out, and rows and marks stand newest first', () => {
  const marks = marksWithin([mark(1), mark(15), mark(99)], 10, 50);
  expect(marks.map(({ at }) => at)).toEqual([15]);
  expect(withMarks([{ at: 20 }, { at: 10 }], marks).map(({ at }) => at)).toEqual([20, 15, 10]);
});
