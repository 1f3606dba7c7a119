// What is found becomes a filter of its devices.
import { expect, test } from 'vitest';
import { filterOf, isAddable } from './added-devices.ts';

test.each([
  ['site', 'Köln 2', 'site="Köln 2"'],
  ['group', 'db "old"', 'group:"db \\"old\\""'],
  ['tag', 'sql', 'tag:"sql"'],
])('a %s named %s is %s', (kind, name, filter) => expect(filterOf({ kind, name })).toBe(filter));

test('relays and customers stand for no devices here', () => {
  expect(
    ['device', 'site', 'group', 'tag', 'relay', 'customer'].filter((kind) => isAddable({ kind, name: 'x' })),
  ).toEqual([...['device', 'site', 'group', 'tag']]);
});
