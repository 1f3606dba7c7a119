// The order of hours: a day whole, more of them evenly, each hour once.
import { expect, test } from 'vitest';
import { roundsOf } from './hour-plan.ts';

test('a day with both hours it touches is one round', () => {
  const rounds = [...roundsOf(100, 125)];
  expect(rounds).toHaveLength(1);
  expect(rounds[0]).toMatchObject({ step: 1 });
  expect(rounds[0]?.hours).toHaveLength(26);
});

test.each([27, 7 * 24, 31 * 24, 366 * 24])('%i hours: a first round of 24 at most, then each hour once', (count) => {
  const rounds = [...roundsOf(1_001, 1_000 + count)];
  expect(rounds[0]?.hours.length).toBeLessThanOrEqual(25);
  expect(rounds.at(-1)?.step).toBe(1);
  const all = rounds.flatMap(({ hours }) => hours);
  expect(new Set(all).size).toBe(all.length);
  expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => 1_001 + i));
});

test('a span that slides on asks for the same hours', () => {
  const [first] = roundsOf(10_000, 10_700);
  const [later] = roundsOf(10_001, 10_701);
  expect(later?.hours.filter((hour) => first?.hours.includes(hour) !== true).length).toBeLessThanOrEqual(1);
});
