// Proves that the terminal is given back as it was, whatever breaks while the live screen stands.
import { expect, test } from 'vitest';
import type { Api } from '#console/cli/client.ts';
import { systemClock as clock } from '#shared/base/clock.ts';
import { type Terminal, Top } from './top.ts';

const LEFT = '\u001b[?1049l';
// The screen is left before any answer of a console counts.
const api = { system: { overview: async () => Promise.reject(new Error('away')) } } as unknown as Api;

function terminal(change: Partial<Terminal>) {
  const written: string[] = [];
  const stopped: string[] = [];
  const all: Terminal = {
    size: () => ({ columns: 80, rows: 24 }),
    write: (text) => written.push(text),
    onInput: () => () => stopped.push('input'),
    onResize: () => () => stopped.push('resize'),
    isPlain: true,
    ...change,
  };
  return { all, written, stopped };
}

test('a terminal that cannot be listened to is left again', async () => {
  const onResize = () => {
    throw new Error('no terminal any more');
  };
  const { all, written, stopped } = terminal({ onResize });
  await expect(new Top({ api, clock, terminal: all }).run()).rejects.toThrow('no terminal any more');
  expect([written.join('').endsWith(LEFT), stopped]).toEqual([true, ['input']]);
});

test('a fault while a key is taken ends the screen, gives the terminal back and is told', async () => {
  let type: (text: string) => void = () => undefined;
  let isBroken = false;
  const { all, written, stopped } = terminal({
    onInput: (take) => {
      type = take;
      return () => stopped.push('input');
    },
    size: () => {
      if (isBroken) throw new Error('the terminal is gone');
      return { columns: 80, rows: 24 };
    },
  });
  const run = new Top({ api, clock, terminal: all }).run();
  isBroken = true;
  type('j');
  await expect(run).rejects.toThrow('the terminal is gone');
  expect([written.join('').endsWith(LEFT), new Set(stopped)]).toEqual([true, new Set(['input', 'resize'])]);
});
