// A disk that is full for long costs stretches that are over, and never what holds.
import { expect, test } from 'vitest';
import type { Transition } from '#shared/judge/checks/verdict.ts';
import { shortened } from './untold.ts';

const say = (state: Transition['state'], instance: string, at: number, severity: Transition['severity'] = 'high') => ({
  ...{ state, check: 'disk.free', instance, severity, at, since: 0, detail: `${state} ${at}`, count: 1 },
});
const short = (all: readonly Transition[]) => all.map(({ state, instance, at }) => `${state} ${instance} ${at}`);

test('an opening that grew worse is still an opening, of its own time', () => {
  const told = shortened([say('open', 'a', 1, 'medium'), say('change', 'a', 5, 'critical')]);
  expect(told).toMatchObject([{ state: 'open', at: 1, severity: 'critical', detail: 'change 5' }]);
});

test('what is on disk is changed once and ended once', () => {
  expect(short(shortened([say('change', 'a', 1), say('change', 'a', 2)]))).toEqual(['change a 2']);
  expect(short(shortened([say('change', 'a', 1), say('clear', 'a', 2), say('open', 'a', 3)]))).toEqual([
    'clear a 2',
    'open a 3',
  ]);
});

test('what began and ended is kept while there is room, then the oldest goes first, and what holds stays', () => {
  const flaps = Array.from({ length: 10 }, (_, n) => [say('open', 'a', 2 * n), say('clear', 'a', 2 * n + 1)]).flat();
  const all = [say('clear', 'b', 0), ...flaps, say('open', 'a', 30), say('open', 'c', 31)];
  expect(shortened(all)).toHaveLength(all.length);
  expect(short(shortened(all, 7))).toEqual([
    'clear b 0',
    ...['open a 16', 'clear a 17', 'open a 18', 'clear a 19', 'open a 30'],
    'open c 31',
  ]);
  expect(short(shortened(all, 1))).toEqual(['clear b 0', 'open a 30', 'open c 31']);
});
