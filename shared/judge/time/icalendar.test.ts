// Proves that calendars are written as RFC 5545 wants them, whatever names people have.
import { expect, test } from 'vitest';
import { writeCalendar } from './icalendar.ts';

const EVENT = {
  uid: 'turn-1',
  from: Date.UTC(2026, 2, 30, 7),
  to: Date.UTC(2026, 3, 6, 7),
  summary: 'Ada',
  description: 'week',
};
const NOW = Date.UTC(2026, 0, 1);

test('an event has its begin, its end and the moment of its writing in UTC', () => {
  expect(writeCalendar('First line', [EVENT], NOW).split('\r\n')).toEqual([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Open RMM//On call//EN',
    'CALSCALE:GREGORIAN',
    'X-WR-CALNAME:First line',
    'BEGIN:VEVENT',
    'UID:turn-1',
    'DTSTAMP:20260101T000000Z',
    'DTSTART:20260330T070000Z',
    'DTEND:20260406T070000Z',
    'SUMMARY:Ada',
    'DESCRIPTION:week',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]);
});

test('no text begins a line of its own', () => {
  const summary = 'Ada; \\ and, Ben\r\nEND:VCALENDAR\u0007\u0085';
  const text = writeCalendar('x', [{ ...EVENT, summary }], NOW);
  expect(text).toContain('SUMMARY:Ada\\; \\\\ and\\, Ben\\nEND:VCALENDAR  \r\n');
});

test('long lines are folded at 75 octets, between letters', () => {
  const summary = 'ü€😀'.repeat(40);
  const text = writeCalendar('x', [{ ...EVENT, summary }], NOW);
  const rows = text.split('\r\n');
  expect(Math.max(...rows.map((row) => Buffer.byteLength(row)))).toBeLessThanOrEqual(75);
  expect(text.replaceAll('\r\n ', '')).toContain(`SUMMARY:${summary}`);
});
