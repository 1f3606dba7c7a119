// The index finds what a Map would.
import { expect, test } from 'vitest';
import { IdIndex } from './id-index.ts';

test.each([0, 1, 2, 3, 1_000])('each of %d ids is found, and no other', (count) => {
  // Most of them differ where the index does not look.
  const ids = Array.from({ length: count }, (_, n) => `${n}-0123456789${n % 7 === 0 ? n : ''}`);
  const index = new IdIndex(ids);
  expect(ids.map((id) => index.rowOf(id))).toEqual(ids.map((_, row) => row));
  for (const other of ['', 'x', '5-', '1001-0123456789', '__proto__']) expect(index.rowOf(other)).toBeUndefined();
});

test('of two rows with one id the first is found', () => {
  expect(new IdIndex(['a', 'b', 'a']).rowOf('a')).toBe(0);
});
