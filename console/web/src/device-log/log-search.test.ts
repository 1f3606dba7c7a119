// The URL of a device's events says what is looked for, and the console is asked exactly for that.
import { expect, test } from 'vitest';
import { codeOf, isNarrowed, parseLogSearch, queryOf } from './log-search.ts';

test.each([
  [{}, {}],
  [
    { level: 'error', log: 'System', source: 'Disk', code: 7, text: 'bad block', ago: '24h' },
    { level: 'error', log: 'System', source: 'Disk', code: 7, text: 'bad block', ago: '24h' },
  ],
  [{ level: 'fatal', ago: 'toString', code: -1, text: '  ', log: 7, source: {} }, { log: '7' }],
  [{ text: 4_625, code: '4625' }, { text: '4625' }],
  [{ text: 'x'.repeat(201) }, {}],
])('%j is %j', (raw, search) => expect(parseLogSearch(raw)).toEqual(search));

test('levels are asked for by their names, a span from now, and a part of time before any span', () => {
  expect(queryOf({ level: 'warning', ago: '1h' }, undefined, 10_000_000)).toEqual({
    level: 'critical,error,warning,audit-failure',
    from: 6_400_000,
  });
  expect(queryOf({ ago: '1h', log: 'System' }, { from: 1, to: 2 }, 9)).toEqual({ log: 'System', from: 1, to: 2 });
  expect(isNarrowed({})).toBe(false);
});

test.each([
  ['4625', 4_625],
  [' 7 ', 7],
  ['', undefined],
  ['1.5', undefined],
  ['-1', undefined],
  ['x', undefined],
])('"%s" typed is event id %s', (typed, code) => expect(codeOf(typed)).toBe(code));
