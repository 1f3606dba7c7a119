// Proves which row is called the first bad one when several checks speak.
import { expect, test } from 'vitest';
import { type Fault, firstBadSeq, shownFaults } from './trail-faults.ts';

const fault = (seq: number, toSeq: number | null = null, isOfKey = false): Fault => ({
  kind: 'witness',
  seq,
  toSeq,
  isOfKey,
  text: `${seq}`,
});

test.each<[string, Fault[], number | null]>([
  ['nothing is wrong', [], null],
  ['the first of two rows', [fault(9), fault(4)], 4],
  ['the row within a span, which says no more', [fault(1, 20), fault(13)], 13],
  ['a span before the row says more', [fault(1, 5), fault(13)], 1],
  ['a span alone begins the doubt', [fault(6, 9)], 6],
  ['keys count when nothing speaks of rows', [fault(3, null, true), fault(8)], 8],
  ['keys alone', [fault(3, null, true)], 3],
])('%s', (_what, faults, expected) => {
  expect(firstBadSeq(faults)).toBe(expected);
});

test('faults are shown by row, the first fifty', () => {
  const many = Array.from({ length: 80 }, (_, i) => fault(80 - i));
  expect(shownFaults(many).map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
});
