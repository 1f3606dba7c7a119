// Proves that a reader which nobody of ours wrote finds in our calendars what we wrote.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { writeCalendar } from './icalendar.ts';

const SCRIPT = `
import json, sys
from icalendar import Calendar
calendar = Calendar.from_ical(sys.stdin.buffer.read())
print(json.dumps({"name": str(calendar["X-WR-CALNAME"]), "events": [
    [str(e["UID"]), int(e["DTSTART"].dt.timestamp()), int(e["DTEND"].dt.timestamp()), str(e["SUMMARY"]), str(e["DESCRIPTION"])]
    for e in calendar.walk("VEVENT")]}))
`;

test('names with signs of the format, of other scripts and beyond a line come back as they were', () => {
  const events = ['Ada, first; \\ and "last"', 'Ünal 😀 '.repeat(30).trim(), 'two\nlines'].map((summary, n) => ({
    uid: `turn-${n}`,
    from: Date.UTC(2026, 2, 29, n),
    to: Date.UTC(2026, 2, 30, n),
    summary,
    description: 'week: "A, B"',
  }));
  const input = writeCalendar('Bereitschaft, Köln', events, Date.UTC(2026, 0, 1));
  // 30 s: it takes less than one.
  const ran = spawnSync('/usr/bin/python3', ['-c', SCRIPT], { input, encoding: 'utf8', timeout: 30_000 });
  expect(ran.stderr).toBe('');
  expect(JSON.parse(ran.stdout)).toEqual({
    name: 'Bereitschaft, Köln',
    events: events.map(({ uid, from, to, summary, description }) => [
      uid,
      from / 1_000,
      to / 1_000,
      summary,
      description,
    ]),
  });
});
