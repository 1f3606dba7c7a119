// The path of a small line.
import { expect, test } from 'vitest';
import { pathOf } from './sparkline.tsx';

test('a gap parts the line, and a value alone is still seen', () => {
  expect(pathOf([0, 10, null, 5, null])).toBe('M0.0 23.0L25.0 1.0M75.0 12.0h.01');
});

test('nothing known draws nothing, and all zero lies at the bottom', () => {
  expect(pathOf([null, null])).toBe('');
  expect(pathOf([0, 0])).toBe('M0.0 23.0L100.0 23.0');
});

test('what exceeds a known top is drawn at the top', () => {
  expect(pathOf([2, 1], 1)).toBe('M0.0 1.0L100.0 1.0');
});
