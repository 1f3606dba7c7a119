// Elements of the list pass from device to device, and the focus never does.
import { expect, test } from 'vitest';
import { RowSlots } from './row-slots.ts';

test('who stays keeps its element, who comes takes one that is free', () => {
  const slots = new RowSlots();
  const [a, b, c] = slots.keysOf(['a', 'b', 'c'], undefined);
  expect(slots.keysOf(['d', 'b', 'e'], undefined)).toEqual([a, b, c]);
  expect(slots.keysOf(['b'], undefined)).toEqual([b]);
  expect(new Set(slots.keysOf(['x', 'b', 'y', 'z'], undefined)).size).toBe(4);
});

test('the element with the focus goes with its device', () => {
  const slots = new RowSlots();
  const [a, b] = slots.keysOf(['a', 'b'], undefined);
  const next = slots.keysOf(['c', 'd'], a);
  expect(next).toContain(b);
  expect(next).not.toContain(a);
});

test('the same question has the same answer', () => {
  const slots = new RowSlots();
  const first = slots.keysOf(['a', 'b'], undefined);
  expect(slots.keysOf(['a', 'b'], undefined)).toEqual(first);
});
