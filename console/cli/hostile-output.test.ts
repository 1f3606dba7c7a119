// Proves that whatever a device calls itself, a table, a line and the live screen move no cursor and hide no letter.
import { expect, test } from 'vitest';
import { HOSTILE_CORPUS } from '#test/fixtures/hostile-corpus.ts';
import { pairs, print, table } from './output.ts';
import { timelineLine } from './timeline-line.ts';
import { cut } from './top/cell-text.ts';

/** What hides text, turns it around, or moves a cursor; the line end is the table's own. */
const UNSEEN =
  /(?!\n)\p{Cc}|[\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u;

test('the corpus is a thousand different texts', () => {
  expect(new Set(HOSTILE_CORPUS).size).toBe(1_000);
});

test('a table has one line for each row, and nothing unseen in it', () => {
  const text = table(
    ['NAME', 'OS'],
    HOSTILE_CORPUS.map((name) => [name, name]),
  );
  expect(text.split('\n')).toHaveLength(HOSTILE_CORPUS.length + 1);
  expect(text).not.toMatch(UNSEEN);
});

test('names and values, and lines of a timeline, are inert', () => {
  expect(pairs(HOSTILE_CORPUS.map((text): [string, string] => [text, text]))).not.toMatch(UNSEEN);
  for (const by of HOSTILE_CORPUS)
    expect(timelineLine({ type: 'change', at: 0, by, verb: 'device.update', detail: {} })).not.toMatch(UNSEEN);
});

test('a cell of the live screen is inert', () => {
  for (const text of HOSTILE_CORPUS) expect(cut(text, 20)).not.toMatch(UNSEEN);
});

test('whatever a verb says to people is inert, and to programs the very value in signs that move no cursor', () => {
  for (const name of HOSTILE_CORPUS) {
    const written: string[] = [];
    const write = (text: string) => written.push(text);
    print({ isJson: false, write }, undefined, () => `it is called ${name}`);
    print({ isJson: true, write }, { name }, () => '');
    const [text = '', json = ''] = written;
    expect(text).not.toMatch(UNSEEN);
    expect(json).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(JSON.parse(json)).toEqual({ name });
  }
});
