// Openings, changes and clearings become stretches with their worst severity, and a check that flaps without end stays bounded.
import { expect, test } from 'vitest';
import { Episodes, MAX_EPISODES } from './episodes.ts';
import type { Transition } from './verdict.ts';

const told = (state: Transition['state'], at: number, over: Partial<Transition> = {}): Transition => ({
  ...{ check: 'a.check', instance: '', state, severity: 'medium', at, since: at - 5, detail: '', count: 1 },
  ...over,
});

test('a stretch has the worst severity it had, its value then, and the last count', () => {
  const episodes = new Episodes();
  episodes.take([told('open', 10), told('change', 20, { severity: 'critical', value: 9, limit: 8 })]);
  episodes.take([told('change', 30, { severity: 'medium', value: 5 }), told('clear', 40, { count: 7 })]);
  expect(episodes.all).toMatchObject([
    { since: 5, openedAt: 10, clearedAt: 40, severity: 'critical', value: 9, limit: 8, count: 7 },
  ]);
});

test('each instance is a stretch of its own, and one that still fails has no end', () => {
  const episodes = new Episodes();
  episodes.take([
    told('open', 1, { instance: 'a' }),
    told('open', 2, { instance: 'b' }),
    told('clear', 3, { instance: 'a' }),
  ]);
  expect(episodes.all.map(({ instance, clearedAt }) => [instance, clearedAt])).toEqual([
    ['a', 3],
    ['b', undefined],
  ]);
});

test('what flaps beyond the bound is counted', () => {
  const episodes = new Episodes();
  for (let n = 0; n < MAX_EPISODES + 5; n += 1) episodes.take([told('open', 2 * n), told('clear', 2 * n + 1)]);
  expect([episodes.all.length, episodes.more]).toEqual([MAX_EPISODES, 5]);
});

test('the end of what was never told is no stretch', () => {
  const episodes = new Episodes();
  episodes.take([told('clear', 1)]);
  expect(episodes.all).toEqual([]);
});
