// The order of the whole fleet is the one in which people count, and follows a new name.
import { expect, test } from 'vitest';
import { NameOrder } from './name-order.ts';

test('numbers in names count, equal names keep their order, and a row that is not asked for is left out', () => {
  const order = new NameOrder(['srv-10', 'srv-2', 'Köln', 'koln', 'srv-2']);
  expect(order.sorted([0, 1, 2, 3, 4])).toEqual([2, 3, 1, 4, 0]);
  expect(order.sorted([0, 4])).toEqual([4, 0]);
});

test('a new name counts at once', () => {
  const names = ['a', 'b'];
  const order = new NameOrder(names);
  expect(order.sorted([0, 1])).toEqual([0, 1]);
  names[0] = 'c';
  expect(order.sorted([0, 1])).toEqual([1, 0]);
});
