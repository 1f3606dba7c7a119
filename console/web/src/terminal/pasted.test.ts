// A single line goes through, several are asked for, whatever ends them.
import { expect, test } from 'vitest';
import { asksFirst, linesOf, shownOf } from './pasted.ts';

test.each([
  ['ls -l', 1, false],
  ['', 1, false],
  ['rm -rf /tmp/x\n', 1, true],
  ['a\r\nb', 2, true],
  ['a\rb\rc', 3, true],
])('%j has %i lines', (text, lines, asks) => {
  expect([linesOf(text), asksFirst(text)]).toEqual([lines, asks]);
});

test('a long text is shown by its beginning', () => {
  expect(shownOf('x'.repeat(5_000))).toHaveLength(2_002);
  expect(shownOf('short')).toBe('short');
});
