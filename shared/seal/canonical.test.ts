// Proves that a value has one text and a text one reading.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, parseCanonical } from './canonical.ts';

test.each([
  [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
  [
    { '\u20ac': 1, '\r': 2, '1': 3, '\ud83d\ude00': 4, '\ufb33': 5 },
    '{"\\r":2,"1":3,"\u20ac":1,"\ud83d\ude00":4,"\ufb33":5}',
  ],
  ['\u0000\u001f"\\\u007f/', '"\\u0000\\u001f\\"\\\\\u007f/"'],
  [-9007199254740991, '-9007199254740991'],
  [-0, '0'],
  [[], '[]'],
  [{}, '{}'],
])('%j is written as RFC 8785 says', (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test.each([
  ['a fraction', 1.5],
  ['a number past 2^53', 2 ** 53],
  ['NaN', Number.NaN],
  ['a lone surrogate', 'a\ud800'],
  ['a lone surrogate in a key', { '\udc00': 1 }],
  ['undefined as a member', { a: undefined }],
  ['a hole in an array', new Array(1)],
  ['a bigint', 1n],
  ['a date', new Date(0)],
  ['bytes', new Uint8Array(2)],
  ['a map', new Map()],
])('%s has no canonical form', (_name, value) => {
  expect(() => canonicalJson(value)).toThrow(/canonical JSON/);
});

test.each([
  ['key order', '{"b":1,"a":2}'],
  ['a key twice', '{"a":1,"a":2}'],
  ['a key twice, the same value', '{"a":1,"a":1}'],
  ['white space', '{"a": 1}'],
  ['a trailing newline', '{"a":1}\n'],
  ['a byte order mark', '\ufeff{}'],
  ['1.0', '{"a":1.0}'],
  ['1e2', '{"a":1e2}'],
  ['minus zero', '-0'],
  ['a number that loses digits', '9007199254740993'],
  ['an escape that is not needed', '"\\u0041"'],
  ['an escaped slash', '"\\/"'],
  ['a raw lone surrogate', '"\ud800"'],
  ['an escaped lone surrogate', '"\\ud800"'],
  ['half a document', '{"a":'],
  ['nothing', ''],
  ['a hundred thousand brackets', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['one level too deep', '['.repeat(40) + ']'.repeat(40)],
])('%s is refused on reading', (_name, text) => {
  expect(() => parseCanonical(text)).toThrow(expect.objectContaining({ code: 'manifest-invalid' }));
});

test.each([
  [0.1, '0.1'],
  [-0, '0'],
  [1e21, '1e+21'],
  [1e-7, '1e-7'],
  [0.1 + 0.2, '0.30000000000000004'],
  [95, '95'],
])('where a document has fractions %d is %s, and reads as itself', (value, text) => {
  expect(canonicalJson({ limit: value }, 'finite')).toBe(`{"limit":${text}}`);
  expect(parseCanonical(`{"limit":${text}}`, 'manifest-invalid', 'finite')).toEqual({ limit: value === 0 ? 0 : value });
});

test.each(['0.10', '1.0', '.5', '1e21', '0.30000000000000005', '-0', '1E-7'])(
  'another spelling of a fraction is refused: %s',
  (text) => expect(() => parseCanonical(text, 'manifest-invalid', 'finite')).toThrow(/canonical/),
);

test('what is no number has no text, fractions or not', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) expect(() => canonicalJson(value, 'finite')).toThrow();
});

test('a "__proto__" member stays data and survives the round trip', () => {
  const text = '{"__proto__":{"isAdmin":true}}';
  const value = parseCanonical(text);
  expect(Object.keys(value as object)).toEqual(['__proto__']);
  expect((value as { isAdmin?: boolean }).isAdmin).toBeUndefined();
});

test('every canonical text reads back to the same text, whatever order the members were made in', () => {
  const leaf = fc.oneof(fc.maxSafeInteger(), fc.boolean(), fc.constant(null), fc.string({ unit: 'grapheme' }));
  const tree = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(
    fc.property(tree, (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(parseCanonical(text))).toBe(text);
      expect(canonicalJson(reversed(value))).toBe(text);
    }),
    { numRuns: 300 },
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
