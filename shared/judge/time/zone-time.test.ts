// Proves that clocks are read and set right, also in the nights in which they change.
import { expect, test } from 'vitest';
import { instantOf, isZone, readWall, wallAt, weekdayOf, writeWall } from './zone-time.ts';

const utc = (text: string) => Date.parse(`${text}Z`);
const wall = (text: string): number => readWall(text) ?? Number.NaN;

test.each([
  ['Europe/Berlin', '2026-03-29T01:59:59', '2026-03-29T00:59:59', 'before clocks go forward'],
  ['Europe/Berlin', '2026-03-29T02:30:00', '2026-03-29T01:30:00', 'a time that is skipped is an hour later'],
  ['Europe/Berlin', '2026-03-29T03:00:00', '2026-03-29T01:00:00', 'after clocks went forward'],
  ['Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T00:30:00', 'a time that comes twice is the first'],
  ['Europe/Berlin', '2026-10-25T03:00:00', '2026-10-25T02:00:00', 'after clocks went back'],
  ['America/New_York', '2026-03-08T02:30:00', '2026-03-08T07:30:00', 'the other side of the sea, on another day'],
  ['Australia/Lord_Howe', '2026-10-04T02:15:00', '2026-10-03T15:45:00', 'half an hour is skipped'],
  ['Asia/Kathmandu', '2026-01-01T00:00:00', '2025-12-31T18:15:00', 'a zone of quarters'],
  ['Pacific/Apia', '2011-12-30T12:00:00', '2011-12-30T22:00:00', 'a day that never was is the next'],
  ['UTC', '2028-02-29T23:59:59', '2028-02-29T23:59:59', 'the leap day'],
])('in %s %s is %s UTC: %s', (zone, shown, at) => {
  expect(new Date(instantOf(zone, wall(shown))).toISOString()).toBe(`${at}.000Z`);
});

test('every half hour of a year is found again from what the clocks show, but for the hour that comes twice', () => {
  let again = 0;
  for (let at = utc('2026-01-01T00:00:00'); at < utc('2027-01-01T00:00:00'); at += 1_800_000)
    if (instantOf('America/New_York', wallAt('America/New_York', at)) !== at) again += 1;
  expect(again).toBe(2);
});

test.each(['2026-02-30T00:00:00', '2026-13-01T00:00:00', '2026-01-01T24:00:00', 'today', '2026-01-01'])(
  '%s is on no clock',
  (text) => {
    expect(readWall(text)).toBeUndefined();
  },
);

test('a reading is written as it was read, milliseconds left out', () => {
  expect(writeWall(wall('2026-11-22T22:00:00') + 12)).toBe('2026-11-22T22:00:00');
});

test('Monday is the first day, before 1970 too', () => {
  expect([weekdayOf(0), weekdayOf(4), weekdayOf(-3), weekdayOf(-4)]).toEqual([3, 0, 0, 6]);
});

test('a zone is one that is known', () => {
  expect([isZone('Europe/Berlin'), isZone('UTC'), isZone('Mars/Base'), isZone('')]).toEqual([true, true, false, false]);
});
