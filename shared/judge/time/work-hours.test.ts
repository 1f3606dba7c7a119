// Proves when people work, and when so much of their time has passed.
import { expect, test } from 'vitest';
import { daySpan, isWithinHours, isWorkTime, type WorkHours, workedUntil, workSpans } from './work-hours.ts';

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
  ['the first of the hours that clocks show twice', berlin(['sun'], '02:00', '03:00'), '2026-10-25T00:30:00Z', true],
  ['and the second', berlin(['sun'], '02:00', '03:00'), '2026-10-25T01:30:00Z', true],
  ['after both', berlin(['sun'], '02:00', '03:00'), '2026-10-25T02:00:00Z', false],
])('%s', (_what, hours, now, isWithin) => {
  expect(isWithinHours(hours, at(now))).toBe(isWithin);
});

test('in each hour of a year, a grant, a route and an on-call plan mean the same', () => {
  const week: WorkHours['spans'] = [
    { days: ['mon', 'thu', 'sun'], from: '22:30', until: '06:00' },
    { days: ['tue'], from: '00:00', until: '24:00' },
    { days: ['sat', 'sun'], from: '01:30', until: '02:30' },
  ];
  for (const zone of ['Europe/Berlin', 'America/Havana', 'Australia/Lord_Howe'])
    for (let now = utc('2026-01-01T00:10'); now < utc('2027-01-01T00:00'); now += HOUR)
      expect(isWithinHours({ timeZone: zone, spans: week }, now), `${zone} ${iso(now)}`).toBe(
        isWorkTime({ zone, spans: week, holidays: [] }, now),
      );
});
