// What is kept of opened lines, and what goes at the bound.
import { expect, test } from 'vitest';
import { emptyTotals } from '#shared/codec/totals-format.ts';
import { MAX_OPENED_TOTALS, OpenedLines } from './opened-lines.ts';

/** A line of so many hours under number 0. */
function lines(hours: number) {
  const { series: _one, ...line } = emptyTotals(new Uint32Array(hours), Uint32Array.of(0));
  return new Map([[0, line]]);
}

const HALF = MAX_OPENED_TOTALS / 2;

test('what was kept is given back, and nothing else', () => {
  const opened = new OpenedLines();
  const kept = lines(24);
  opened.keep('load.1', kept);
  expect(opened.get('load.1')).toBe(kept);
  expect(opened.get('load.5')).toBeUndefined();
});

test('a name that is asked for stays, and the one that was not used for longest goes at the bound', () => {
  const opened = new OpenedLines();
  opened.keep('a', lines(HALF));
  opened.keep('b', lines(HALF));
  expect(opened.get('a')).toBeDefined();
  opened.keep('c', lines(HALF));
  expect([opened.get('a'), opened.get('b'), opened.get('c')].map((one) => one !== undefined)).toEqual([
    true,
    false,
    true,
  ]);
  expect(opened.totals).toBe(MAX_OPENED_TOTALS);
});

test('kept again, a name counts once; larger than the bound, it is not kept and takes nobody’s place', () => {
  const opened = new OpenedLines();
  opened.keep('a', lines(HALF));
  opened.keep('a', lines(HALF));
  expect(opened.totals).toBe(HALF);
  opened.keep('huge', lines(MAX_OPENED_TOTALS + 1));
  expect(opened.get('huge')).toBeUndefined();
  expect(opened.get('a')).toBeDefined();
});
