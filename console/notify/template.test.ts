// Texts go into the strings of a template and nowhere else; what a template names and there is not is said.
import { expect, test } from 'vitest';
import { cut, fillJson, fillText } from './template.ts';

const values = { title: 'a "b"}, {"x":1', empty: '', at: 7, facts: [{ name: 'Site', value: '{{title}}' }], none: [] };

test('a text with quotes and braces stays one string, and names nothing itself', () => {
  expect(fillJson({ a: '{{title}}', b: ['{{at}}', 'at {{at}}'] }, { values })).toEqual({
    a: values.title,
    b: [7, 'at 7'],
  });
  expect(fillJson([{ $for: 'facts', each: { k: '{{name}}', v: '{{value}}' } }], { values })).toEqual([
    { k: 'Site', v: '{{title}}' },
  ]);
});

test('a part whose value is empty is left out, in lists and in objects', () => {
  const part = (name: string) => ({ $if: name, show: 'x' });
  expect(fillJson({ a: part('empty'), b: [part('empty'), part('title')], c: part('none') }, { values })).toEqual({
    b: ['x'],
  });
});

test.each([
  ['{{title|slack}}', '<!here> & <http://x>', '&lt;!here&gt; &amp; &lt;http://x&gt;'],
  ['{{title|md}}', '**a** [b](c) @all', String.raw`\*\*a\*\* \[b\]\(c\) \@all`],
  ['{{title|cut:4}}', 'abcdef', 'abc\u2026'],
  ['{{title|upper}}', 'abc', 'ABC'],
  ['{{title|map:theirs}}', 'high', 'error'],
  ['{{title|map:others}}', 'high', 'high'],
])('%s of %j is %j', (template, title, filled) => {
  expect(fillText(template, { values: { title }, maps: { theirs: { high: 'error' } } })).toBe(filled);
});

test('a character is never cut in two', () => {
  expect(cut('ab\u{1f600}cd', 4)).toBe('ab\u2026');
});

test.each([
  ['{{nothing}}', /names nothing/],
  ['{{title|run}}', /filter run/],
  ['{{facts}}', /names facts/],
])('%s is refused by name', (template, why) => {
  expect(() => fillText(template, { values })).toThrow(why);
});

test('a tree without an end is refused', () => {
  const deep = Array.from({ length: 40 }).reduce<object>((inner) => ({ a: inner }), {}) as Record<string, never>; // of objects alone
  expect(() => fillJson(deep, { values })).toThrow(/too deep/);
});
