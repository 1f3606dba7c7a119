// Weeks begin on the zone's Monday, and hand-over stands at the same place of the day on both sides of a change of the clocks.
import { expect, test } from 'vitest';
import { colourOf, mondayOf, weeksFrom, weeksOf } from './calendar-layout.ts';

const ZONE = 'Europe/Berlin';
const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);
const turn = (name: string, from: string, until: string) => ({
  ...{ contact: name, name, because: 'week' },
  ...{ from: at(from), until: at(until) },
});

test.each([
  ['2026-11-23T18:00:00Z', '2026-11-22T23:00:00.000Z'],
  ['2026-11-22T22:59:00Z', '2026-11-15T23:00:00.000Z'],
  ['2026-07-05T12:00:00Z', '2026-06-28T22:00:00.000Z'],
])('the Monday of %s begins at %s', (moment, monday) =>
  expect(new Date(mondayOf(ZONE, at(moment))).toISOString()).toBe(monday),
);

test('the week of a change has 169 or 167 hours, and the next begins at midnight all the same', () => {
  const autumn = mondayOf(ZONE, at('2026-10-24T12:00:00Z'));
  expect((weeksFrom(ZONE, autumn, 1) - autumn) / HOUR).toBe(169);
  const spring = mondayOf(ZONE, at('2026-03-28T12:00:00Z'));
  expect((weeksFrom(ZONE, spring, 1) - spring) / HOUR).toBe(167);
  expect(weeksFrom(ZONE, weeksFrom(ZONE, spring, 1), -1)).toBe(spring);
});

test('a turn that goes on into the next week is a bar in each', () => {
  const monday = at('2026-10-18T22:00:00Z');
  // From Wednesday 08:00 summer time to Wednesday 08:00 winter time.
  const turns = [turn('ada', '2026-10-21T06:00:00Z', '2026-10-28T07:00:00Z')];
  const [first, second] = weeksOf(ZONE, monday, { weeks: 2, turns });
  expect(first?.bars).toMatchObject([{ from: 2 + 8 / 24, until: 7, isOpenBefore: false, isOpenAfter: true }]);
  expect(second?.bars).toMatchObject([{ from: 0, until: 2 + 8 / 24, isOpenBefore: true, isOpenAfter: false }]);
  expect(first?.days).toHaveLength(8);
  expect(first?.days.at(-1)).toBe(second?.days[0]);
});

test('noon of the day of 25 hours is its middle and half an hour', () => {
  const turns = [turn('bob', '2026-10-25T11:00:00Z', '2026-10-25T23:00:00Z')];
  const [week] = weeksOf(ZONE, at('2026-10-18T22:00:00Z'), { weeks: 1, turns });
  expect(week?.bars[0]?.from).toBeCloseTo(6 + 13 / 25, 9);
  expect(week?.bars[0]).toMatchObject({ until: 7, isOpenAfter: false });
});

test('whoever is not among the people has a colour, too', () => {
  expect(colourOf(['a', 'b', 'c'], 'c', 2)).toBe(0);
  expect(colourOf(['a', 'b', 'c'], 'z', 2)).toBe(0);
});
