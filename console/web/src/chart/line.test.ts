// Lines grow live, keep their gaps, and stand on one axis.
import { expect, test } from 'vitest';
import { align, type Line, withTail } from './line.ts';

const history = { at: [10, 20, 30], avg: [1, 2, 3], min: [0, 1, 2], max: [2, 3, 4] };
const tail = [
  { at: 30, values: { load: 9 } },
  { at: 40, values: { load: 4 } },
  { at: 90, values: {} },
];

test('live polls follow history, and what history already holds is not drawn twice', () => {
  const line = withTail('x', history, tail.slice(0, 2), { key: 'load', gapMs: 25 });
  expect(line.at).toEqual([10, 20, 30, 40]);
  expect(line.avg).toEqual([1, 2, 3, 4]);
  expect(line.max).toEqual([2, 3, 4, 4]);
});

test('a silence before a live poll is a gap, and an absent value is unknown', () => {
  const line = withTail('x', history, tail, { key: 'load', gapMs: 25 });
  expect(line.at).toEqual([10, 20, 30, 40, 65, 90]);
  expect(line.avg).toEqual([1, 2, 3, 4, null, null]);
});

test('without history the live polls stand alone', () => {
  expect(withTail('x', undefined, tail, { key: 'load', gapMs: 25 }).at).toEqual([30, 40, 65, 90]);
});

test('lines of different times share an axis: a gap is null, no point is undefined', () => {
  const a: Line = { label: 'a', at: [1, 3], avg: [1, null], min: [], max: [] };
  const b: Line = { label: 'b', at: [1, 2], avg: [5, 6], min: [], max: [] };
  expect(align([a, b])).toEqual({
    at: [1, 2, 3],
    columns: [
      [1, undefined, null],
      [5, 6, undefined],
    ],
  });
});
