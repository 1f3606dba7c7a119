// What changed between two texts is removed and added, and the rest stays: both texts can be read out of it.
import { expect, test } from 'vitest';
import { type DiffLine, diffLines, shortDiff } from './line-diff.ts';

const signs = { same: ' ', removed: '-', added: '+' } as const;
const shown = (lines: ReadonlyArray<DiffLine | undefined>) =>
  lines.map((line) => (line === undefined ? '...' : `${signs[line.kind]}${line.text}`));
const lines = (...text: string[]) => text.join('\n');

test.each([
  ['nothing', lines('a', 'b'), lines('a', 'b'), [' a', ' b']],
  ['a line between', lines('a', 'c'), lines('a', 'b', 'c'), [' a', '+b', ' c']],
  ['a line gone', lines('a', 'b', 'c'), lines('a', 'c'), [' a', '-b', ' c']],
  ['a line changed', lines('a', 'b', 'c'), lines('a', 'x', 'c'), [' a', '-b', '+x', ' c']],
  ['what moved stays once', lines('a', 'b', 'c', 'd'), lines('b', 'c', 'd', 'a'), ['-a', ' b', ' c', ' d', '+a']],
  ['all', 'a', 'b', ['-a', '+b']],
])('%s', (_, before, after, wanted) => {
  expect(shown(diffLines(before, after))).toEqual(wanted);
});

const textOf = (all: readonly DiffLine[], without: DiffLine['kind']) =>
  all
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join('\n');

test('both texts are in it, also where it is too large for the shortest one', () => {
  let seed = 7;
  const next = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  for (const size of [1, 10, 200, 3_000]) {
    const [a, b] = [0, 0].map(() => Array.from({ length: size }, () => String(next(size))).join('\n'));
    const all = diffLines(a ?? '', b ?? '');
    expect(textOf(all, 'added')).toBe(a);
    expect(textOf(all, 'removed')).toBe(b);
  }
});

test('three lines stand around a change, the rest is left out', () => {
  const before = Array.from({ length: 20 }, (_, n) => String(n));
  const after = before.with(10, 'x');
  expect(shown(shortDiff(diffLines(before.join('\n'), after.join('\n'))))).toEqual([
    '...',
    ' 7',
    ' 8',
    ' 9',
    '-10',
    '+x',
    ' 11',
    ' 12',
    ' 13',
    '...',
  ]);
  expect(shortDiff(diffLines('a\nb', 'a\nb'))).toEqual([undefined]);
});
