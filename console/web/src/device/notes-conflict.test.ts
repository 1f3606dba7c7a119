// No words of anybody are lost without being asked for.
import { expect, test } from 'vitest';
import { isConflict } from './notes-conflict.ts';

test.each([
  ['nothing typed', { text: 'a', base: 'a', stored: 'a' }, false],
  ['only I typed', { text: 'b', base: 'a', stored: 'a' }, false],
  ['only somebody else did', { text: 'a', base: 'a', stored: 'c' }, false],
  ['both did', { text: 'b', base: 'a', stored: 'c' }, true],
  ['both wrote the same', { text: 'b', base: 'a', stored: 'b' }, false],
])('%s', (_, words, conflict) => expect(isConflict(words)).toBe(conflict));
