// Rights read as one says them.
import { expect, test } from 'vitest';
import { daysText, hoursText, restText, whatText, whenText } from './grant-words.ts';

test.each([
  [['mon', 'tue', 'wed', 'thu', 'fri'], 'Mon–Fri'],
  [['sat', 'sun'], 'Sat, Sun'],
  [['mon', 'wed', 'thu', 'fri', 'sun'], 'Mon, Wed–Fri, Sun'],
  [['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], 'every day'],
  [['fri'], 'Fri'],
] as const)('%j are "%s"', (days, text) => expect(daysText(days)).toBe(text));

const spans = [
  { days: ['mon' as const, 'tue' as const, 'wed' as const], from: '08:00', until: '18:00' },
  { days: ['sat' as const], from: '22:00', until: '06:00' },
];

test('hours name their days and their zone', () => {
  expect(hoursText({ timeZone: 'Europe/Berlin', spans })).toBe('Mon–Wed 08:00–18:00; Sat 22:00–06:00 (Europe/Berlin)');
});

test('a right without bounds holds at all times, others say theirs', () => {
  expect(whenText({ from: null, until: null, hours: null })).toBe('at all times');
  const from = Date.UTC(2026, 0, 5, 12);
  expect(whenText({ from, until: null, hours: { timeZone: 'UTC', spans } })).toMatch(
    /^from 5 Jan 2026, \d\d:\d\d, Mon–Wed/,
  );
  expect(whenText({ from, until: from + 1, hours: null })).toMatch(/^from 5 Jan 2026, .* until 5 Jan 2026, /);
});

test('what does not hold now says why', () => {
  expect(restText({ isActive: true, from: null, until: null }, 5)).toBe('');
  expect(restText({ isActive: false, from: 9, until: null }, 5)).toBe('not yet');
  expect(restText({ isActive: false, from: null, until: 5 }, 5)).toBe('ended');
  expect(restText({ isActive: false, from: 1, until: 9 }, 5)).toBe('not at this hour');
});

test('a role is called by its name, single verbs by theirs', () => {
  expect(whatText({ role: 'technician', verbs: ['device.*'] })).toBe('Technician');
  expect(whatText({ role: null, verbs: ['device.read', 'site.read'] })).toBe('device.read, site.read');
});
