// URLs of orders hold ids and nothing else.
import { expect, test } from 'vitest';
import { listed, MAX_IN_URL, parseNewOrder, parseOrder, placeOf } from './order-search.ts';

const id = (n: number) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;

test('ids are kept once each, and whatever is none is left out', () => {
  expect(parseNewOrder({ devices: `${id(1)},x,${id(2)},${id(1)}` })).toEqual({ devices: `${id(1)},${id(2)}` });
  expect(parseNewOrder({ devices: 5 })).toEqual({});
  expect(parseOrder({ with: '<b>' })).toEqual({});
  const many = Array.from({ length: 300 }, (_, n) => id(n)).join(',');
  expect(listed(parseNewOrder({ devices: many }).devices)).toHaveLength(MAX_IN_URL);
  expect(parseNewOrder({ kept: '0a1b2c3d', anew: id(1) })).toEqual({ kept: '0a1b2c3d', anew: id(1) });
  expect(parseNewOrder({ kept: '../x', anew: 'x', undo: 'x' })).toEqual({});
  expect(parseNewOrder({ undo: id(2) })).toEqual({ undo: id(2) });
  expect(parseOrder({ only: 'failed' })).toEqual({ only: 'failed' });
  expect(parseOrder({ only: 'constructor' })).toEqual({});
});

test('a batch is found again where it is followed', () => {
  expect(placeOf([id(1)])).toEqual({ id: id(1), search: {} });
  const { search } = placeOf([id(1), id(2), id(3)]);
  expect(listed(parseOrder({ ...search }).with)).toEqual([id(2), id(3)]);
});
