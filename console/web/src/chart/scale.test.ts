// Ticks stand at round numbers.
import { expect, test } from 'vitest';
import { tickText, topOf } from './scale.ts';

test.each([
  [null, 'load', 1, 1],
  [0.3, 'load', 1, 1],
  [1, 'load', 1, 1],
  [3.2, 'load', 1, 4],
  [11, 'load', 1, 20],
  [1500, 'bytes/s', 1024, 2048],
  [2 ** 21, 'bytes/s', 1024, 2 ** 21],
])('a highest value of %s %s (least %s) is drawn below %s', (max, unit, least, top) => {
  expect(topOf(max, unit, least)).toBe(top);
});

test.each([
  [0.5, 'ratio', '50%'],
  [0, 'bytes/s', '0 B/s'],
  [512 * 1024, 'bytes/s', '512 KiB/s'],
  [2 ** 20, 'bytes/s', '1 MiB/s'],
  [2.5, 'load', '2.5'],
  [50, 'ms', '50 ms'],
  [1_500, 'ms', '1.5 s'],
  [0.5, '1/s', '0.5/s'],
  [300_000, '1/s', '300 k/s'],
])('%s %s reads %s', (value, unit, text) => {
  expect(tickText(value, unit)).toBe(text);
});
