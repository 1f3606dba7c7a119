// Order as people expect it.
import { expect, test } from 'vitest';
import { type SortValue, sorted } from './sort.ts';

const order = (values: SortValue[], direction: 'ascending' | 'descending' = 'ascending') =>
  sorted(values, (value) => value, direction);

test('numbers inside names count as numbers', () => {
  expect(order(['srv-10', 'Srv-2', 'srv-1'])).toEqual(['srv-1', 'Srv-2', 'srv-10']);
});

test('the unknown stands last in both directions', () => {
  expect(order([null, 3, Number.NaN, 1])).toEqual([1, 3, null, Number.NaN]);
  expect(order([null, 1, 3], 'descending')).toEqual([3, 1, null]);
});
