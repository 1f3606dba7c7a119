// Local days are made of whole hours: none is in two days, none in none, whatever the clocks of a place do.
import { expect, test } from 'vitest';
import { HOUR_MS } from '#shared/base/clock.ts';
import { localDays } from './local-days.ts';

const hour = (text: string) => Date.parse(text) / HOUR_MS;
const lengths = (zone: string, from: string, to: string) =>
  localDays(zone, Math.floor(hour(from)), Math.ceil(hour(to))).map((day) => day.to - day.from);

test.each([
  ['Europe/Berlin', '2026-03-27T23:00Z', '2026-03-30T22:00Z', [24, 23, 24]],
  ['Europe/Berlin', '2026-10-23T22:00Z', '2026-10-26T23:00Z', [24, 25, 24]],
  ['America/New_York', '2026-03-07T05:00Z', '2026-03-10T04:00Z', [24, 23, 24]],
  ['America/New_York', '2026-10-31T04:00Z', '2026-11-03T05:00Z', [24, 25, 24]],
  ['UTC', '2026-03-28T00:00Z', '2026-03-31T00:00Z', [24, 24, 24]],
  // Midnight is at 18:15 UTC: the hour around it is the new day's by three quarters.
  ['Asia/Kathmandu', '2026-03-27T18:00Z', '2026-03-29T18:00Z', [24, 24]],
  // Midnight is at 13:00 UTC in summer and at 13:30 in winter, on the middle of an hour, which is then the new day's.
  ['Australia/Lord_Howe', '2026-04-03T13:00Z', '2026-04-06T14:00Z', [24, 24, 24, 1]],
  ['Australia/Lord_Howe', '2026-10-02T13:00Z', '2026-10-05T13:00Z', [24, 24, 24]],
])('%s from %s', (zone, from, to, expected) => {
  expect(lengths(zone, from, to)).toEqual(expected);
});

test.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC'])(
  'a year in %s has each hour once',
  (zone) => {
    const from = hour('2011-06-01T00:00Z');
    const days = localDays(zone, from, from + 366 * 24);
    expect(days[0]?.from).toBe(from);
    expect(days.at(-1)?.to).toBe(from + 366 * 24);
    for (const [at, day] of days.entries()) {
      expect(day.from).toBe(at === 0 ? from : days[at - 1]?.to);
      if (at > 0 && at < days.length - 1) expect([23, 24, 25]).toContain(day.to - day.from);
    }
  },
);

test('a zone that nobody knows is refused', () => {
  expect(() => localDays('Mars/Olympus', 0, 24)).toThrow('no time zone is called "Mars/Olympus"');
});
