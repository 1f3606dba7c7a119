// The URL holds what one asks of the fleet, and nothing that a page would stumble over.
import { expect, test } from 'vitest';
import { parseFleetSearch, patched, readColumns, sortingOf } from './fleet-search.ts';

const VIEW = '01890000-0000-7000-8000-00000000ffff';

test.each([
  [{}, {}],
  [
    { q: 'tag:sql', sort: '-cpu', view: VIEW },
    { q: 'tag:sql', sort: '-cpu', view: VIEW },
  ],
  [{ q: 10 }, { q: '10' }],
  [{ q: true }, { q: 'true' }],
  [{ q: { a: 1 }, sort: 'nothing', density: 'huge', view: '../x' }, {}],
  [{ sort: 'status' }, {}],
  [{ columns: 'name,cpu,name,__proto__' }, { columns: 'name,cpu' }],
  [{ columns: '' }, {}],
  [{ density: 'compact' }, { density: 'compact' }],
])('%j reads as %j', (raw, search) => expect(parseFleetSearch(raw)).toEqual(search));

test('a filter longer than one may be is cut', () => {
  expect(parseFleetSearch({ q: 'x'.repeat(5_000) }).q).toHaveLength(2_000);
});

test('a change keeps the rest, and undefined takes a member out', () => {
  const search = { q: 'web', sort: '-cpu' };
  expect(patched(search, { q: undefined })).toEqual({ sort: '-cpu' });
  expect(patched(search, { sort: 'name' })).toEqual({ q: 'web', sort: 'name' });
});

test('trouble stands first unless one asks otherwise', () => {
  expect(sortingOf({})).toEqual({ key: 'status', isDescending: false });
  expect(sortingOf({ sort: '-memory' })).toEqual({ key: 'memory', isDescending: true });
});

test('columns are those known, each once', () => {
  expect(readColumns('name, cpu,cpu,tag')).toEqual(['name', 'cpu', 'tag']);
});
