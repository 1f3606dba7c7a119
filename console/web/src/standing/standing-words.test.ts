// What a standing order is now: in force, waiting, void, over or withdrawn; and when its end is near.
import { expect, test } from 'vitest';
import type { Stood } from './standing-data.ts';
import { isEndNear, standingOf, timeOfDay, triggerText } from './standing-words.ts';

const DAY = 86_400_000;
const stood = (change: object): Stood =>
  ({ summary: { state: 'active', whyNot: null, expiresAt: 30 * DAY, ...change } }) as unknown as Stood; // what is read

test.each([
  [{}, 0, 'active'],
  [{ whyNot: 'frozen' }, 0, 'void'],
  [{}, 30 * DAY, 'over'],
  [{ state: 'waiting-for-signature' }, 0, 'waiting'],
  [{ state: 'withdrawn' }, 31 * DAY, 'withdrawn'],
])('%j at %d is %s', (change, now, word) => expect(standingOf(stood(change), now)).toBe(word));

test('the end is near two weeks before it, and not any more when it is over', () => {
  expect([0, 17 * DAY, 29 * DAY, 31 * DAY].map((now) => isEndNear(stood({}), now))).toEqual([false, true, true, false]);
});

test('a minute of the day is a time of the day, and a trigger names its device as text', () => {
  expect(timeOfDay(210)).toBe('03:30');
  const trigger = { type: 'device-unreachable', device: 'x', forMs: 60_000 } as never;
  expect(triggerText(trigger, () => 'a\u202eb')).not.toContain('\u202e');
});
