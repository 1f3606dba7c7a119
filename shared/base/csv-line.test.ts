// A text never becomes a formula, a number stays a number.
import { expect, test } from 'vitest';
import { csvLine, unshield } from './csv-line.ts';

test.each([
  [['a', 'b'], 'a,b\r\n'],
  [['=1+1', -1.5], "'=1+1,-1.5\r\n"],
  [['a,"b"', ' c'], '"a,""b"""," c"\r\n'],
  [["'@x"], "''@x\r\n"],
])('%j is %j', (cells, line) => expect(csvLine(cells)).toBe(line));

test('what was shielded is read back as it was', () => {
  expect(unshield("'=1+1")).toBe('=1+1');
  expect(unshield("it's")).toBe("it's");
});
