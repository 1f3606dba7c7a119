// Columns fit the page by themselves until somebody chooses; then the choice stands.
import { expect, test } from 'vitest';
import { columnsFor, isTight, moved, readWidths, sumOf, switched, tracksOf, writeWidths } from './column-layout.ts';
import { USUAL_COLUMNS } from './column-list.ts';

test('a wide page shows the usual columns, the name first', () => {
  const columns = columnsFor(undefined, null, { px: 2_000, widths: {} });
  expect(columns[0]).toBe('name');
  expect([...columns].sort()).toEqual([...USUAL_COLUMNS].sort());
});

test.each([1_200, 1_000, 800, 600])('at %d px the usual columns give way rather than scroll', (px) => {
  const columns = columnsFor(undefined, null, { px, widths: {} });
  expect(sumOf(columns, {})).toBeLessThanOrEqual(px);
  expect(columns.slice(0, 2)).toEqual(['name', 'status']);
});

test('what somebody chose stands, in their order, wherever they look', () => {
  expect(columnsFor('cpu,serial', 'os', { px: 100, widths: {} })).toEqual(['name', 'cpu', 'serial']);
  expect(columnsFor(undefined, 'os,nothing', { px: 100, widths: {} })).toEqual(['name', 'os']);
});

test('widths come back as they were kept, and nonsense does not', () => {
  expect(writeWidths(readWidths('name:240,cpu:9,status:9999,x:3,memory:NaN,__proto__:100'))).toBe(
    'status:640,name:240,cpu:56',
  );
  expect(readWidths(null)).toEqual({});
});

test('a column moves by one place and never before the name', () => {
  expect(moved(['name', 'cpu', 'memory'], 'memory', -1)).toEqual(['name', 'memory', 'cpu']);
  expect(moved(['name', 'cpu', 'memory'], 'cpu', -1)).toEqual(['name', 'cpu', 'memory']);
  expect(moved(['name', 'cpu', 'memory'], 'memory', 1)).toEqual(['name', 'cpu', 'memory']);
  expect(switched(['name', 'cpu'], 'cpu')).toEqual(['name']);
  expect(switched(['name', 'cpu'], 'os')).toEqual(['name', 'cpu', 'os']);
});

test('the name takes what the others leave, and shares it once it has a width of its own', () => {
  expect(tracksOf(['name', 'cpu'], {})).toBe('40px minmax(190px, 1fr) 88px');
  expect(tracksOf(['name', 'cpu'], { name: 200, cpu: 100 })).toBe('40px minmax(200px, 200fr) minmax(100px, 100fr)');
});

test('a column is tight when somebody made it narrower than what stands in it', () => {
  expect(isTight(['name', 'cpu'], { cpu: 100 })).toBe(false);
  expect(isTight(['name', 'cpu'], { cpu: 60 })).toBe(true);
  expect(isTight(['name'], { cpu: 60 })).toBe(false);
});
