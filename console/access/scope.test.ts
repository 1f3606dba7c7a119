// Proves scopes on SQLite, and that hours of the week are those of their time zone.
import { expect, test } from 'vitest';
import { defineScopeTests } from '#test/repository/scope-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';
import { isWithinHours } from './weekly-hours.ts';

defineScopeTests(sqliteEngine);

const at = (text: string) => Date.parse(text);
const berlin = (days: ['fri' | 'mon' | 'sun'], from: string, until: string) => ({
  timeZone: 'Europe/Berlin',
  spans: [{ days, from, until }],
});

test.each([
  ['Monday morning', berlin(['mon'], '08:00', '18:00'), '2026-11-23T07:00:00Z', true],
  ['a minute before', berlin(['mon'], '08:00', '18:00'), '2026-11-23T06:59:00Z', false],
  ['at the end', berlin(['mon'], '08:00', '18:00'), '2026-11-23T17:00:00Z', false],
  ['summer time', berlin(['mon'], '08:00', '18:00'), '2026-07-20T06:00:00Z', true],
  ['over midnight', berlin(['fri'], '22:00', '06:00'), '2026-11-28T04:00:00Z', true],
  ['after that night', berlin(['fri'], '22:00', '06:00'), '2026-11-28T05:30:00Z', false],
  ['over the end of the week', berlin(['sun'], '22:00', '06:00'), '2026-11-23T04:00:00Z', true],
  ['the whole day', berlin(['sun'], '00:00', '24:00'), '2026-11-22T22:59:00Z', true],
])('%s', (_what, hours, now, isWithin) => {
  expect(isWithinHours(hours, at(now))).toBe(isWithin);
});
