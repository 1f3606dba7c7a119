// Proves when people work, and when so much of their time has passed.
import { expect, test } from 'vitest';
import { daySpan, isWorkTime, type WorkHours, workedUntil, workSpans } from './work-hours.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const utc = (text: string) => Date.parse(`${text}:00Z`);
const iso = (at: number | undefined) => (at === undefined ? 'never' : new Date(at).toISOString().slice(0, 16));

const OFFICE: WorkHours = {
  zone: 'Europe/Berlin',
  spans: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', until: '18:00' }],
  holidays: ['2026-04-03', '2026-04-06'],
};
const NIGHT: WorkHours = {
  zone: 'Europe/Berlin',
  spans: [{ days: ['sat'], from: '22:00', until: '06:00' }],
  holidays: [],
};

test.each([
  ['a Friday before six', '2026-03-27T16:59', true],
  ['a Friday at six', '2026-03-27T17:00', false],
  ['Monday at eight, after clocks went forward', '2026-03-30T06:00', true],
  ['a minute before', '2026-03-30T05:59', false],
  ['a holiday', '2026-04-03T10:00', false],
])('%s: %s is time of work: %s', (_, at, isWork) => {
  expect(isWorkTime(OFFICE, utc(at))).toBe(isWork);
});

test('a night is an hour shorter or longer when clocks change', () => {
  const hours = (from: string, to: string) =>
    workSpans(NIGHT, utc(from), utc(to)).map((span) => (span.to - span.from) / HOUR);
  expect(hours('2026-03-28T12:00', '2026-03-29T12:00')).toEqual([7]);
  expect(hours('2026-10-24T12:00', '2026-10-25T12:00')).toEqual([9]);
});

test('of a night, the part that lies in a holiday is none of work', () => {
  const spans = workSpans({ ...NIGHT, holidays: ['2026-05-03'] }, utc('2026-05-02T00:00'), utc('2026-05-04T00:00'));
  expect(spans.map(({ from, to }) => `${iso(from)} ${iso(to)}`)).toEqual(['2026-05-02T20:00 2026-05-02T22:00']);
});

test.each([
  ['within the day', '2026-03-25T09:00', 120, '2026-03-25T11:00'],
  ['over a weekend', '2026-03-27T16:50', 30, '2026-03-30T06:20'],
  ['up to the last minute of the day', '2026-03-27T16:50', 10, '2026-03-27T17:00'],
  ['over two holidays and a weekend', '2026-04-02T15:59', 2, '2026-04-07T06:01'],
  ['nothing, at night: the next morning', '2026-03-25T22:00', 0, '2026-03-26T07:00'],
  ['nothing, in the day: at once', '2026-03-25T12:00', 0, '2026-03-25T12:00'],
  ['three days of work', '2026-03-25T07:00', 30 * 60, '2026-03-27T17:00'],
])('%s: from %s %i minutes of work end at %s', (_, from, minutes, end) => {
  expect(iso(workedUntil(OFFICE, utc(from), minutes * MINUTE))).toBe(end);
});

test('who never works is never through', () => {
  const away = Array.from({ length: 400 }, (_, n) => new Date(utc('2026-01-01T00:00') + n * 24 * HOUR).toISOString());
  const none = { ...OFFICE, holidays: away.map((date) => date.slice(0, 10)) };
  expect(iso(workedUntil(none, utc('2026-01-10T00:00'), MINUTE))).toBe('never');
});

test('a day of a zone has 23, 24 or 25 hours, and a date that is none has no day', () => {
  const hours = (date: string) => {
    const span = daySpan('Europe/Berlin', date);
    return span === undefined ? undefined : (span.to - span.from) / HOUR;
  };
  expect(['2026-03-29', '2028-02-29', '2026-10-25', '2026-02-29'].map(hours)).toEqual([23, 24, 25, undefined]);
});
