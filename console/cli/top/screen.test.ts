// Proves that only what changed goes to the terminal, and that the terminal is given back as it was.
import { expect, test } from 'vitest';
import { Screen } from './screen.ts';

test('rows that did not change are not written again', () => {
  const written: string[] = [];
  const screen = new Screen({ write: (text) => written.push(text) });
  screen.enter();
  screen.draw(['one', 'two', 'three']);
  written.length = 0;
  screen.draw(['one', 'TWO', 'three']);
  expect(written).toEqual(['\u001b[2;1HTWO\u001b[0m\u001b[K']);
  screen.draw(['one', 'TWO', 'three']);
  expect(written).toHaveLength(1);
});

test('rows that are gone are wiped', () => {
  const written: string[] = [];
  const screen = new Screen({ write: (text) => written.push(text) });
  screen.draw(['one', 'two']);
  written.length = 0;
  screen.draw(['one']);
  expect(written).toEqual(['\u001b[2;1H\u001b[0m\u001b[K']);
});

test('leaving shows the cursor and the former screen', () => {
  const written: string[] = [];
  new Screen({ write: (text) => written.push(text) }).leave();
  expect(written.join('')).toBe('\u001b[0m\u001b[?25h\u001b[?1049l');
});
