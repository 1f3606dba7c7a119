// A selection is of devices, not of places: ranges go by what is seen, and what is hidden stays selected.
import { expect, test } from 'vitest';
import { addAll, kept, NOTHING, type Selection, takeAll, toggleOne, toggleRange } from './selection.ts';

const SEEN = ['a', 'b', 'c', 'd', 'e'];
const idsOf = ({ ids }: Selection) => [...ids].sort().join('');

test('one press selects, a second takes it back', () => {
  const one = toggleOne(NOTHING, 'b');
  expect(idsOf(one)).toBe('b');
  expect(idsOf(toggleOne(one, 'b'))).toBe('');
});

test.each([
  ['b', 'd', 'bcd'],
  ['d', 'b', 'bcd'],
  ['c', 'c', ''],
])('a range from %s to %s selects %s', (from, to, ids) => {
  expect(idsOf(toggleRange(toggleOne(NOTHING, from), to, SEEN))).toBe(ids);
});

test('a range that ends on a selected one takes all of it back', () => {
  const all = addAll(NOTHING, SEEN);
  const from = { ...all, anchor: 'a' };
  expect(idsOf(toggleRange(from, 'c', SEEN))).toBe('de');
});

test('a range without a beginning in sight is one device', () => {
  expect(idsOf(toggleRange(NOTHING, 'c', SEEN))).toBe('c');
  expect(idsOf(toggleRange(toggleOne(NOTHING, 'hidden'), 'c', SEEN))).toBe('chidden');
});

test('all that fit join what was selected before, and leave without it', () => {
  const before = toggleOne(NOTHING, 'hidden');
  const all = addAll(before, SEEN);
  expect(all.ids.size).toBe(6);
  expect(idsOf(takeAll(all, SEEN))).toBe('hidden');
});

test('a device that was forgotten is selected no more, and the same selection stays the same value', () => {
  const two = addAll(NOTHING, ['a', 'b']);
  expect(idsOf(kept(two, (id) => id === 'a'))).toBe('a');
  expect(kept(two, () => true)).toBe(two);
});

test('no more than the console takes at once', () => {
  const many = Array.from({ length: 30_000 }, (_, n) => String(n));
  expect(addAll(NOTHING, many).ids.size).toBe(25_000);
});
