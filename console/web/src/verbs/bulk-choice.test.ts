// Many devices at once: what only some have stays so until a person decides.
import { expect, test } from 'vitest';
import { changesOf, type Decisions, hadOf, isMixed, isOn, pressed } from './bulk-choice.ts';

const had = hadOf([['a', 'b'], ['a'], ['a', 'c']]);
const NONE: Decisions = new Map();

test('what all, some and none have', () => {
  expect(['a', 'b', 'x'].map(had)).toEqual(['all', 'some', 'none']);
  expect(isMixed(NONE, 'b', had('b'))).toBe(true);
  expect(isOn(NONE, 'a', had('a'))).toBe(true);
});

test('presses go round: what some have is put on all, off all, and left alone again', () => {
  const on = pressed(NONE, 'b', 'some');
  const off = pressed(on, 'b', 'some');
  expect(changesOf(on, had)).toEqual({ add: ['b'], remove: [] });
  expect(changesOf(off, had)).toEqual({ add: [], remove: ['b'] });
  expect(changesOf(pressed(off, 'b', 'some'), had)).toEqual({ add: [], remove: [] });
});

test('what all have is taken off by one press and kept by two', () => {
  const off = pressed(NONE, 'a', 'all');
  expect(changesOf(off, had)).toEqual({ add: [], remove: ['a'] });
  expect(changesOf(pressed(off, 'a', 'all'), had)).toEqual({ add: [], remove: [] });
});
