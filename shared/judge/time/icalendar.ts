// Times written as a calendar that other programs read: RFC 5545, all of it in UTC.
import type { EpochMs } from '#shared/base/clock.ts';
import type { Span } from './span.ts';

export interface CalendarEvent extends Span {
  /** The same event has it at each writing. */
  uid: string;
  summary: string;
  description: string;
}

const stamp = (at: EpochMs): string => `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** Text of people: nothing of it begins a line of its own. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[\\;,]/g, (sign) => `\\${sign}`)
    .replaceAll(/\r\n|\r|\n/g, '\\n')
    // Signs that no calendar may hold; a tab may stand.
    .replaceAll(/[^\P{Cc}\t]/gu, ' ');

/** A line has 75 octets at most; a longer one goes on behind a space. No letter is cut in two. */
function folded(line: string): string {
  const encoder = new TextEncoder();
  const rows: string[] = [];
  let row = '';
  let octets = 0;
  for (const letter of line) {
    const size = encoder.encode(letter).length;
    if (octets + size > 75) {
      rows.push(row);
      row = ' ';
      octets = 1;
    }
    row += letter;
    octets += size;
  }
  return [...rows, row].join('\r\n');
}

/** `now` is when it was written. */
export function writeCalendar(name: string, events: readonly CalendarEvent[], now: EpochMs): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Open RMM//On call//EN',
    'CALSCALE:GREGORIAN',
    `X-WR-CALNAME:${escaped(name)}`,
    ...events.flatMap(({ uid, from, to, summary, description }) => [
      'BEGIN:VEVENT',
      `UID:${escaped(uid)}`,
      `DTSTAMP:${stamp(now)}`,
      `DTSTART:${stamp(from)}`,
      `DTEND:${stamp(to)}`,
      `SUMMARY:${escaped(summary)}`,
      `DESCRIPTION:${escaped(description)}`,
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}
