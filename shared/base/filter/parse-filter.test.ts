// Proves what a typed filter means, what it answers to text that does not read, and that writing it back loses nothing.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FLEET_FIELDS } from '#shared/model/fleet-fields.ts';
import { allOf, anyOf, type Field, type Fields, type Filter, fieldsOf, MAX_FILTER_DEPTH, type Term } from './filter.ts';
import { formatFilter } from './format-filter.ts';
import { parseFilter } from './parse-filter.ts';

const read = (text: string): Filter => {
  const parsed = parseFilter(text, FLEET_FIELDS);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.message}`);
  return parsed.filter;
};
const has = (field: string, ...values: string[]): Term => ({
  type: 'text',
  field,
  match: 'has',
  values: values.map((value) => value.split('*')),
});
const is = (field: string, ...values: string[]): Term => ({ ...has(field, ...values), match: 'is' }) as Term; // the same member
const word = (text: string): Term => ({ type: 'word', pattern: text.split('*') });
const not = (of: Filter): Filter => ({ type: 'not', of });
const compared = (field: string, op: '<' | '<=' | '>' | '>=' | '=', value: number): Term => ({
  type: 'number',
  field,
  op,
  value,
});

test.each<[string, Filter]>([
  ['', { type: 'all', of: [] }],
  ['  ', { type: 'all', of: [] }],
  ['berlin', word('berlin')],
  ['"quoted words"', word('quoted words')],
  ['web-*', word('web-*')],
  ['order not-here', allOf([word('order'), word('not-here')])],
  ['status:down', is('status', 'down')],
  ['Status:DOWN,unknown', is('status', 'down', 'unknown')],
  ['site:berlin', has('site', 'berlin')],
  ['name=web-01', is('name', 'web-01')],
  ['name!=web-01', not(is('name', 'web-01'))],
  ['name:web-*', has('name', 'web-*')],
  ['name:"a*b"', { type: 'text', field: 'name', match: 'has', values: [['a*b']] }],
  ['tag:sql -tag:test', allOf([is('tag', 'sql'), not(is('tag', 'test'))])],
  ['not tag:test', not(is('tag', 'test'))],
  ['user:ACME\\kim', has('user', 'ACME\\kim')],
  ['group:"File servers","a \\"b\\""', is('group', 'File servers', 'a "b"')],
  ['simulated:true', is('simulated', 'yes')],
  ['has:serial', { type: 'has', field: 'serial', as: 'text' }],
  ['-has:polled', not({ type: 'has', field: 'polled', as: 'number' })],
  ['cpu>80%', compared('cpu', '>', 0.8)],
  ['cpu>80', compared('cpu', '>', 0.8)],
  ['cpu:>=80.5%', compared('cpu', '>=', 0.805)],
  ['load!=0', not(compared('load', '=', 0))],
  ['rx>10Mi', compared('rx', '>', 10 * 2 ** 20)],
  ['tx<=2.5MB/s', compared('tx', '<=', 2_500_000)],
  ['uptime<1.5h', compared('uptime', '<', 5_400_000)],
  ['polled>10m', { type: 'age', field: 'polled', op: '>', value: 600_000 }],
  ['os:debian or os:ubuntu', anyOf([has('os', 'debian'), has('os', 'ubuntu')])],
  ['a b or c', anyOf([allOf([word('a'), word('b')]), word('c')])],
  ['a and (b OR c)', allOf([word('a'), anyOf([word('b'), word('c')])])],
  ['-(a b)', not(allOf([word('a'), word('b')]))],
  ['((a) (b c))', allOf([word('a'), word('b'), word('c')])],
])('%j reads as it is meant', (text, filter) => {
  expect(read(text)).toEqual(filter);
});

test.each([
  ['stauts:down', '"stauts" is no field', 0, 6],
  ['constructor:x', '"constructor" is no field', 0, 11],
  ['a status:dwon', '"dwon" is no status: it is one of up, down, unknown, identity-changed', 9, 13],
  ['cpu:80%', 'cpu is compared: write cpu>80% or cpu<80%', 0, 4],
  ['uptime>1', '"1" is no uptime: write a number with one of ms, s, m, h, d, w, like 10m', 7, 8],
  ['load>x', '"x" is no load: write a number, like 4', 5, 6],
  ['name>3', 'name is no number', 0, 5],
  ['name:', 'name needs a value here', 5, 6],
  ['name:""', 'an empty text is in everything', 5, 7],
  ['status:up,', 'status needs a value here', 10, 11],
  ['"open', 'not closed', 0, 5],
  ['(a', 'this parenthesis is not closed', 0, 2],
  ['a)', 'this parenthesis closes nothing', 1, 2],
  ['a ()', 'nothing stands between these parentheses', 2, 4],
  ['or a', '"or" needs something on both sides', 0, 2],
  ['a or', '"or" needs something on both sides', 2, 4],
  ['a and', '"and" needs something on both sides', 2, 5],
  ['a and or b', '"and" needs something on both sides', 2, 5],
  ['cpu > 80', 'without spaces', 4, 5],
  ['a -', 'nothing follows "-"', 2, 3],
  ['has:colour', '"colour" is no field', 4, 10],
])('%j is refused with its reason and its place', (text, message, from, to) => {
  const parsed = parseFilter(text, FLEET_FIELDS);
  expect(parsed).toMatchObject({ ok: false, from, to });
  expect(parsed).toHaveProperty('message', expect.stringContaining(message));
});

test('length, depth and number of terms end at their limits', () => {
  const nested = (depth: number) => `${'('.repeat(depth)}a${')'.repeat(depth)}`;
  const reads = (text: string) => parseFilter(text, FLEET_FIELDS).ok;
  expect([reads('x'.repeat(2_000)), reads('x'.repeat(2_001))]).toEqual([true, false]);
  expect([reads(nested(MAX_FILTER_DEPTH)), reads(nested(MAX_FILTER_DEPTH + 1))]).toEqual([true, false]);
  expect([reads(`${'-'.repeat(16)}a`), reads(`${'-'.repeat(17)}a`)]).toEqual([true, false]);
  expect([reads('a '.repeat(200)), reads('a '.repeat(201))]).toEqual([true, false]);
  expect([reads(`tag:${'a,'.repeat(199)}a`), reads(`tag:${'a,'.repeat(200)}a`)]).toEqual([true, false]);
});

test('a filter says which fields it depends on', () => {
  expect([...fieldsOf(read('x -(cpu>5 or group:a) has:polled'))]).toEqual(['*', 'cpu', 'group', 'polled']);
});

const piece = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 });
const pattern = fc.oneof(
  piece.map((text) => [text]),
  fc.tuple(piece, piece).map(([a, b]) => [a, b]),
  piece.map((text) => ['', text, '']),
  fc.constantFrom(['or'], ['NOT'], ['-x'], ['name:x'], ['a"b\\'], ['x=', 'y'], ['', ''], ['>5'], ['', '>5']),
);
const amount = fc
  .oneof(
    fc.double({ min: 0, max: 1e300, noNaN: true }),
    fc.nat(),
    fc.nat(500).map((n) => n * 60_000),
  )
  .map((value) => value + 0); // no negative zero: it is not written

const termOf = (name: string, field: Field): fc.Arbitrary<Term> => {
  const op = fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const, '=' as const);
  const type = field.kind === 'age' ? ('age' as const) : ('number' as const);
  if (field.kind === 'age' || field.kind === 'number')
    return fc.oneof(
      fc.record({ type: fc.constant(type), field: fc.constant(name), op, value: amount }),
      fc.constant<Term>({ type: 'has', field: name, as: 'number' }),
    );
  const choices = field.kind === 'flag' ? ['yes', 'no'] : field.choices;
  const value = choices === undefined ? pattern : fc.constantFrom(...choices).map((choice) => [choice]);
  const match = field.kind === 'text' ? fc.constantFrom('has' as const, 'is' as const) : fc.constant('is' as const);
  const values = fc.array(value, { minLength: 1, maxLength: 3 });
  return fc.record({ type: fc.constant('text' as const), field: fc.constant(name), match, values });
};

const fields: Fields = FLEET_FIELDS;
const term = fc.oneof(
  fc.record({ type: fc.constant('word' as const), pattern }),
  ...Object.entries(fields).map(([name, field]) => termOf(name, field)),
);
const { filter } = fc.letrec<{ filter: Filter }>((tie) => {
  const members = fc.array(tie('filter'), { minLength: 2, maxLength: 4 });
  return {
    filter: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      term,
      members.map(allOf),
      members.map(anyOf),
      tie('filter').map((of): Filter => ({ type: 'not', of })),
    ),
  };
});

test('what is written reads back as the same filter, however odd its texts', () => {
  fc.assert(
    fc.property(filter, (one) => {
      const text = formatFilter(one, FLEET_FIELDS);
      fc.pre(text.length <= 2_000);
      expect(parseFilter(text, FLEET_FIELDS)).toEqual({ ok: true, filter: one });
    }),
    { numRuns: 500 },
  );
});

test('any text either reads or names a place inside it', () => {
  const bits = fc.constantFrom(
    '(',
    ')',
    '-',
    '"',
    '\\',
    ' ',
    'or',
    'not ',
    'name:',
    'cpu>',
    'has:',
    '*',
    ',',
    'a',
    '8%',
    ':',
  );
  fc.assert(
    fc.property(
      fc.array(bits, { maxLength: 30 }).map((list) => list.join('')),
      (text) => {
        const parsed = parseFilter(text, FLEET_FIELDS);
        if (parsed.ok) return;
        expect(parsed.from).toBeLessThan(parsed.to);
        expect(parsed.to).toBeLessThanOrEqual(text.length + 1);
      },
    ),
    { numRuns: 1_000 },
  );
});

test.each([
  ['status:DOWN  or not (cpu:>80 b)', 'status:down or -(cpu>80% b)'],
  ['uptime<24h', 'uptime<1d'],
  ['rx>1024Ki', 'rx>1Mi'],
  ['memory>=0.5%', 'memory>=0.5%'],
])('%j is written in its usual form', (text, usual) => {
  const parsed = parseFilter(text, FLEET_FIELDS);
  expect(parsed.ok ? formatFilter(parsed.filter, FLEET_FIELDS) : undefined).toBe(usual);
});
