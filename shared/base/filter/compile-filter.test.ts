// Proves which rows a filter takes.
import { expect, test } from 'vitest';
import { FLEET_FIELDS } from '#shared/model/fleet-fields.ts';
import { compileFilter, type FieldAccess, patternTest } from './compile-filter.ts';
import { parseFilter } from './parse-filter.ts';

const NOW = 1_000_000_000;
const ROW = {
  name: ['web-01'],
  site: ['berlin mitte'],
  tag: ['sql', 'prod'],
  status: ['down'],
  serial: [''],
  group: [],
} satisfies Record<string, string[]>;
const NUMBERS: Record<string, number> = { cpu: 0.81, memory: Number.NaN, polled: NOW - 700_000 };

const texts: Record<string, string[] | undefined> = ROW;
const access: FieldAccess<null> = {
  text: (field, test) => () => (texts[field] ?? []).some(test),
  word: (test) => () => [ROW.name, ROW.site, ROW.tag].flat().some(test),
  number: (field) => () => NUMBERS[field] ?? Number.NaN,
};

function takes(text: string): boolean {
  const parsed = parseFilter(text, FLEET_FIELDS);
  if (!parsed.ok) throw new Error(parsed.message);
  return compileFilter(parsed.filter, access, NOW)(null);
}

test.each([
  '',
  'WEB',
  'mitte',
  '-paris',
  'web-* sql',
  'name:eb-0',
  'name=WEB-01',
  'name:w*1',
  'status:up,down',
  'tag:prod',
  '-tag:pro',
  'tag:pr*',
  'site:mitte',
  '-has:serial',
  'has:cpu',
  '-has:memory',
  '-has:group',
  'cpu>81% or cpu>=81%',
  'cpu=81%',
  'polled>10m polled<15m',
  'status:up or (tag:sql -site:paris)',
])('%j takes the row', (text) => {
  expect(takes(text)).toBe(true);
});

test.each([
  'paris',
  'name=web',
  'name:b*',
  'tag:s,t',
  'has:serial',
  'serial:*',
  'memory>0',
  'memory<=100%',
  '-(web sql)',
  'polled<10m',
  'status:up or site:paris',
])('%j leaves the row', (text) => {
  expect(takes(text)).toBe(false);
});

test.each([
  ['a*b*c', 'a1b2c', true],
  ['a*b*c', 'abc', true],
  ['a*bb*c', 'abc', false],
  ['ab*ba', 'aba', false],
  ['*x*', 'axb', true],
  ['*', '', false],
])('the pattern %j on %j says %j', (pattern, text, isSo) => {
  expect(patternTest(pattern.split('*'), 'has')(text)).toBe(isSo);
});

test('a pattern of many stars does not wander over a long text', () => {
  const test = patternTest(`${'a*'.repeat(100)}b`.split('*'), 'has');
  const began = performance.now();
  expect(test('a'.repeat(50_000))).toBe(false);
  // 250 ms: it takes less than one; trying all ways would not end.
  expect(performance.now() - began).toBeLessThan(250);
});
