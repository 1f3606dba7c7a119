// WQL of the fake host: what a condition lets through, and what is no query.
import { expect, test } from 'vitest';
import { parseWql } from './wql.ts';

const row = new Map<string, string | number | bigint | boolean | null | { at: number }>([
  ['name', "O'Neil\\x"],
  ['state', 'Running'],
  ['size', 9_007_199_254_740_993n],
  ['type', 3],
  ['isup', true],
  ['gone', null],
  ['at', { at: Date.UTC(2026, 0, 2, 3, 4, 5) }],
]);

test.each([
  ["Name = 'O\\'Neil\\\\x'", true],
  ["STATE = 'running' AND Type = 3", true],
  ["State <> 'Running' OR Type < 3", false],
  ["NOT (State = 'Stopped') AND Type >= 3", true],
  ["State LIKE 'Run%'", true],
  ["State LIKE '_un[m-o]ing'", true],
  ["State LIKE '[^R]%'", false],
  ['Gone IS NULL', true],
  ['Gone IS NOT NULL', false],
  ['Gone = 0 OR Gone <> 0', false],
  ['Size = 9007199254740993', true],
  ['Size = 9007199254740992', false],
  ['IsUp = TRUE', true],
  ["At > '20260102030404.999000+000'", true],
  ["At >= '20260102040405.000001+060'", false],
  ["State = 'x' OR Type = 3 AND IsUp = FALSE", false],
])('WHERE %s lets the row through: %s', (where, expected) => {
  expect(parseWql(`SELECT Name FROM Win32_X WHERE ${where}`).matches(row)).toBe(expected);
});

test('a query names its class and its properties, or all of them', () => {
  expect(parseWql('select a, B ,c from Win32_X')).toMatchObject({ select: ['a', 'B', 'c'], from: 'Win32_X' });
  expect(parseWql('SELECT * FROM Win32_X').select).toBeUndefined();
});

test.each([
  '',
  'SELECT FROM',
  'SELECT a FROM X WHERE',
  "SELECT a FROM X WHERE b = 'c",
  'DELETE a',
  'SELECT a FROM X; DROP',
])('%s is no query', (text) => expect(() => parseWql(text)).toThrow());
