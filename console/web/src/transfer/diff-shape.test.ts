// A row's change shows what was and what becomes, and nothing for what stays empty.
import { expect, test } from 'vitest';
import { type ImportItem, linesOf } from './diff-shape.ts';

const item = (change: ImportItem['change'], fields: ImportItem['fields']): ImportItem => ({
  row: 2,
  change,
  name: 'web-1',
  site: 'Berlin',
  fields,
});

test('a change has both sides, an addition only one, a removal only the other', () => {
  const fields = [
    { field: 'port', from: '22', to: '2222' },
    { field: 'notes', from: null, to: 'Rack 4' },
    { field: 'tags', from: 'web', to: '' },
  ];
  expect(linesOf(item('update', fields))).toEqual([
    { field: 'port', from: '22', to: '2222' },
    { field: 'notes', to: 'Rack 4' },
    { field: 'tags', from: 'web' },
  ]);
});

test('a new device has no former values, and what is empty is not told', () => {
  const fields = [
    { field: 'name', from: null, to: 'web-1' },
    { field: 'address', from: null, to: '10.0.0.1' },
    { field: 'notes', from: null, to: '' },
  ];
  expect(linesOf(item('create', fields))).toEqual([{ field: 'address', to: '10.0.0.1' }]);
});
