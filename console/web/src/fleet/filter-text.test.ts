// Presses edit the text of the filter, and what they make reads back.
import { expect, test } from 'vitest';
import type { Filter } from '#shared/base/filter/filter.ts';
import {
  chosenOf,
  filterText,
  only,
  partsOf,
  readFilter,
  toggled,
  withoutField,
  withoutPart,
  withoutWord,
} from './filter-text.ts';

function filterOf(text: string): Filter {
  const parsed = readFilter(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.filter;
}

test.each([
  ['', 'tag', 'sql', 'tag:sql'],
  ['web tag:sql', 'tag', 'prod', 'web tag:sql,prod'],
  ['tag:sql,prod web', 'tag', 'SQL', 'web tag:prod'],
  ['tag:sql', 'tag', 'sql', ''],
  ['cpu>80%', 'site', 'Main office', 'cpu>80% site="Main office"'],
  ['status:down or status:unknown', 'tag', 'sql', '(status:down or status:unknown) tag:sql'],
  ['-tag:sql', 'tag', 'sql', '-tag:sql tag:sql'],
] as const)('"%s", then a press on %s %s, is "%s"', (before, field, value, after) => {
  expect(filterText(toggled(filterOf(before), field, value))).toBe(after);
  expect(readFilter(after).ok).toBe(true);
});

test('a status count shows its status alone, and all of them again', () => {
  const down = only(filterOf('web status:up,unknown'), 'status', 'down');
  expect(filterText(down)).toBe('web status:down');
  expect(filterText(only(down, 'status', undefined))).toBe('web');
});

test('choices are counted without their own field', () => {
  const filter = filterOf('web tag:sql site=Berlin');
  expect(filterText(withoutField(filter, 'tag'))).toBe('web site=Berlin');
  expect([...chosenOf(filter, 'site')]).toEqual(['berlin']);
  expect([...chosenOf(filterOf('tag:sq*'), 'tag')]).toEqual([]);
});

test('each part can be taken out by itself', () => {
  const filter = filterOf('web (tag:a or tag:b) cpu>80%');
  expect(partsOf(filter).map(filterText)).toEqual(['web', 'tag:a or tag:b', 'cpu>80%']);
  expect(filterText(withoutPart(filter, 1))).toBe('web cpu>80%');
  expect(filterText(withoutPart(filterOf('web'), 0))).toBe('');
});

test.each([
  ['status:', ''],
  ['web status:dwn cpu>80%', 'web  cpu>80%'],
  ['web cpu>x', 'web '],
])('"%s" holds as "%s" until it reads', (text, rest) => {
  const parsed = readFilter(text);
  expect(parsed.ok ? text : withoutWord(text, parsed)).toBe(rest);
});
