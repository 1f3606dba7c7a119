// Proves when a job was due and is due next.
import { expect, test } from 'vitest';
import { describeTime, JobTime, lastDue, nextDue } from './schedule-time.ts';

const at = (text: string): number => Date.parse(`${text}Z`);
const daily: JobTime = { at: '02:40', on: 'day' };
const weekly: JobTime = { at: '04:00', on: 'sunday' };

test.each([
  [daily, '2026-11-23T02:39:59.999', '2026-11-22T02:40', '2026-11-23T02:40'],
  [daily, '2026-11-23T02:40', '2026-11-23T02:40', '2026-11-24T02:40'],
  // The night in which many clocks are turned: UTC is not.
  [daily, '2026-10-25T02:50', '2026-10-25T02:40', '2026-10-26T02:40'],
  // 2026-11-22 is a Sunday.
  [weekly, '2026-11-23T10:00', '2026-11-22T04:00', '2026-11-29T04:00'],
  [weekly, '2026-11-22T03:59', '2026-11-15T04:00', '2026-11-22T04:00'],
  [weekly, '2026-12-31T23:59', '2026-12-27T04:00', '2027-01-03T04:00'],
])('%j at %s was due at %s and is due at %s', (time, now, last, next) => {
  expect(new Date(lastDue(time, at(now))).toISOString()).toBe(new Date(at(last)).toISOString());
  expect(new Date(nextDue(time, at(now))).toISOString()).toBe(new Date(at(next)).toISOString());
});

test('a time is said in words, and what is none is refused', () => {
  expect(describeTime(daily)).toBe('02:40 UTC every day');
  expect(describeTime(weekly)).toBe('04:00 UTC every Sunday');
  for (const wrong of ['24:00', '2:40', '02:60', '']) expect(JobTime.safeParse({ at: wrong }).success).toBe(false);
});
