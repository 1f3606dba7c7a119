// Proves that hostile text cannot hide, reorder or redraw what a person reads.
import { expect, test } from 'vitest';
import { inert, inertDeep, inertJson, inertLines } from './inert-text.ts';

test.each([
  ['\u001b[2Jgone', '\\u001b[2Jgone'],
  ['a\u202Egpj.exe', 'a\\u202egpj.exe'],
  ['a\u0000b\u009bc', 'a\\u0000b\\u009bc'],
  ['ad\u200bmin', 'ad\\u200bmin'],
  ['x\u{e0041}y', 'x\\ue0041y'],
  ['half \ud800', 'half \\ud800'],
  ['one\nline\ttwo', 'one\\u000aline two'],
  ['plain ünïcode 東京 👩‍🔧', 'plain ünïcode 東京 👩‍🔧'],
])('%j is shown as %j', (raw, shown) => {
  expect(inert(raw)).toBe(shown);
});

test('several lines stay lines, and a carriage return cannot overwrite one', () => {
  expect(inertLines('one\r\ntwo\rthree\n')).toBe('one\ntwo\\u000dthree\n');
});

test('a value is made inert in its depth, keys included, and nothing else changes', () => {
  const value = { 'k\u202e': ['a\u0007', 1, null, true, { deep: '\u2066x' }] };
  expect(inertDeep(value)).toEqual({ 'k\\u202e': ['a\\u0007', 1, null, true, { deep: '\\u2066x' }] });
});

test('a member called __proto__ stays a member', () => {
  const value: unknown = JSON.parse('{"__proto__":{"polluted":1}}');
  expect(Object.keys(inertDeep(value) as object)).toEqual(['__proto__']); // a JSON object
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test('notes keep their lines where whoever shows them can draw lines, and so come back from a form as they were', () => {
  expect(inertDeep({ notes: 'one\ntwo\u0007', list: ['a\nb'] }, inertLines)).toEqual({
    notes: 'one\ntwo\\u0007',
    list: ['a\nb'],
  });
});

test('a JSON text is read as the value it holds, made inert, whatever stands in it and however it is written', () => {
  const texts = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
  texts.push('\u{e0041}', 'half \ud800', 'a\\u202eb', 'a "name"', '東京 👩‍🔧', 'plain ünïcode', 'one\ntwo\r');
  const forms = texts.flatMap((text) => {
    const escaped = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, '0'));
    return [JSON.stringify([text]), `["${escaped.map((code) => `\\u${code}`).join('')}"]`];
  });
  const same = (json: string) =>
    JSON.stringify(inertJson(json, inertLines)) === JSON.stringify(inertDeep(JSON.parse(json), inertLines));
  expect(forms.filter((json) => !same(json))).toEqual([]);
});
