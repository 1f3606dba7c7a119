// An address of the board holds what is unusual about it and nothing else.
import { expect, test } from 'vitest';
import { isNarrowed, parseIncidentsSearch } from './incidents-search.ts';

test.each([
  [{}, {}],
  [{ state: 'open', severity: 'info', mine: false, muted: 'true' }, {}],
  [
    { state: 'resolved', severity: 'high', mine: true, muted: true },
    { state: 'resolved', severity: 'high', mine: true, muted: true },
  ],
  [{ state: '__proto__', severity: 7 }, {}],
])('%j reads %j', (raw, search) => expect(parseIncidentsSearch(raw)).toEqual(search));

test('a board narrowed to the worst, or to oneself, may hide what is open', () => {
  expect(isNarrowed({ severity: 'high' })).toBe(true);
  expect(isNarrowed({ mine: true })).toBe(true);
  expect(isNarrowed({ state: 'any', muted: true })).toBe(false);
});
