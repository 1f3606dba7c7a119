// Proves what each key does on the live screen.
import { expect, test } from 'vitest';
import { FIRST, press, scrolled, type TopState } from './top-state.ts';

const shown = { ids: Array.from({ length: 100 }, (_, n) => `id-${n}`), height: 10 };
const after = (keys: readonly string[], from: Partial<TopState> = {}) =>
  keys.reduce((state, key) => press(state, key, shown), { ...FIRST, ...from });

test.each([
  [['j', 'j', 'k'], { cursor: 1, top: 0 }],
  [['page-down', 'page-down'], { cursor: 20, top: 11 }],
  [['G'], { cursor: 99, top: 90 }],
  [['G', 'g'], { cursor: 0, top: 0 }],
  [['up'], { cursor: 0 }],
  [['4'], { view: 'sites', cursor: 0 }],
  [['s', 's'], { sort: '-memory' }],
  [['enter'], { device: 'id-0' }],
  [['j', 'enter', 'escape'], { device: undefined }],
  [['/', 'd', 'o', 'backspace', 'x', 'enter'], { filter: 'dx', typing: undefined, view: 'devices' }],
  [['/', 'd', 'escape'], { filter: '', typing: undefined }],
  [['/', 'q'], { typing: 'q', isOver: false }],
  [['?'], { isHelp: true }],
  [['?', 'x'], { isHelp: false }],
  [['q'], { isOver: true }],
  [['/', 'interrupt'], { isOver: true }],
])('%j leads to %o', (keys, state) => {
  expect(after(keys)).toMatchObject(state);
});

test('Enter on a site shows its devices', () => {
  expect(press({ ...FIRST, view: 'sites' }, 'enter', { ids: ['site="Berlin"'], height: 5 })).toMatchObject({
    view: 'devices',
    filter: 'site="Berlin"',
  });
});

test('a list that shrinks keeps the cursor on a row', () => {
  expect(scrolled({ ...FIRST, cursor: 90, top: 85 }, { ids: ['a', 'b'], height: 10 })).toMatchObject({
    cursor: 1,
    top: 0,
  });
});
