// Which keys the page takes, and what a phone's missing keys send.
import { expect, test } from 'vitest';
import { pageKey, phoneKeyBytes } from './keys.ts';

const press = (key: string, held: string) => ({
  ...{ type: 'keydown', key },
  ...{ ctrlKey: held.includes('c'), shiftKey: held.includes('s'), altKey: held.includes('a') },
  metaKey: held.includes('m'),
});

test.each([
  ['X', 'cs', false, 'leave'],
  ['x', 'c', false, undefined],
  ['c', 'c', false, undefined],
  ['c', 'c', true, 'copy'],
  ['C', 'cs', true, 'copy'],
  ['c', 'm', true, 'copy'],
  ['v', 'c', false, 'paste'],
  ['V', 'cs', false, 'paste'],
  ['v', 'ca', false, undefined],
  ['Tab', '', false, undefined],
  ['d', 'c', false, undefined],
])('%s with %s, chosen %s: %s', (key, held, hasSelection, does) => {
  expect(pageKey(press(key, held), hasSelection)).toBe(does);
});

test('arrows follow the mode that the program asked for', () => {
  expect([phoneKeyBytes('↑', false), phoneKeyBytes('↑', true), phoneKeyBytes('Tab', true)]).toEqual([
    ...['\u001b[A', '\u001bOA', '\t'],
  ]);
});
