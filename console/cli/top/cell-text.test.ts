// Proves that a cell is exactly as wide as its column, whatever a device is called.
import { expect, test } from 'vitest';
import { cut, painter } from './cell-text.ts';

test.each([
  ['web-1', 8, 'web-1   '],
  ['web-1', 5, 'web-1'],
  ['web-server-1', 8, 'web-ser…'],
  ['日本語', 8, '日本語  '],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日… '],
  ['e\u0301a', 3, 'e\u0301a '],
  ['x', 0, ''],
])('%j in %i columns is %j', (text, width, shown) => {
  expect(cut(text, width)).toBe(shown);
});

test('numbers stand on the right', () => {
  expect(cut('12 %', 7, 'right')).toBe('   12 %');
});

test('what a device wrote moves no cursor', () => {
  expect(cut('a\u001b[2Jb', 20)).not.toContain('\u001b');
});

test('without colour only the chosen row is marked', () => {
  const paint = painter(true);
  expect([paint('bad', 'x'), paint('chosen', 'x')]).toEqual(['x', '\u001b[7mx\u001b[0m']);
});
