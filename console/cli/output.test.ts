// Proves that device-made text cannot redraw a terminal and that numbers read well.
import { expect, test } from 'vitest';
import { bytes, duration, reading, table } from './output.ts';

test('a cell cannot redraw the terminal', () => {
  expect(table(['NAME'], [['\u001b[2Jgone']])).toBe('NAME\n\\u001b[2Jgone');
});

test('a table aligns its columns', () => {
  expect(
    table(
      ['NAME', 'X'],
      [
        ['a', '1'],
        ['long', '2'],
      ],
    ),
  ).toBe('NAME  X\na     1\nlong  2');
});

test.each([
  [0, '0 B'],
  [1536, '1.5 KiB'],
  [3 * 1024 ** 4, '3.0 TiB'],
])('%d bytes read %s', (n, text) => {
  expect(bytes(n)).toBe(text);
});

test.each([
  [999, '0 s'],
  [61_000, '1 min 1 s'],
  [86_400_000 * 3 + 3_600_000 * 4 + 5_000, '3 d 4 h'],
])('%d ms read %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('an unknown reading is a dash, never zero', () => {
  expect(reading(null, 'ratio')).toBe('-');
  expect(reading(0.256, 'ratio')).toBe('25.6 %');
});
