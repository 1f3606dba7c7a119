// What `rmm device events` asks for, and how an entry reads, whatever a device wrote.
import { expect, test } from 'vitest';
import type { LogEntry } from '#shared/contract/device-log.ts';
import { logLines, logQueryOf } from './device-log-command.ts';

const ENTRY: LogEntry = {
  ...{ seq: 1, at: 0, log: 'Security', entry: 7, source: 'Auditing', code: 4_625, level: 'audit-failure' },
  ...{ message: 'An account failed to log on.\r\nSubject: x', dropped: null },
};

test('filters are those of the API, hours are counted from now, and what is not said is not asked', () => {
  expect(logQueryOf({ level: 'critical,error', code: 7, hours: 1 }, 3_600_001)).toEqual({
    ...{ level: 'critical,error', code: 7, from: 1 },
  });
  expect(logQueryOf({}, 9)).toEqual({});
});

test('a level that is none is refused by name, before anything is sent', () => {
  expect(() => logQueryOf({ level: 'fatal' }, 0)).toThrow(/--level: must be levels/);
});

test('an entry is its first line, and says what was passed over before it', () => {
  const line = '1970-01-01T00:00:00.000Z  audit-failure  Security  Auditing 4625  An account failed to log on.';
  expect(logLines(ENTRY)).toBe(line);
  expect(logLines({ ...ENTRY, dropped: 12 })).toBe(`${line}\n    12 before this one were passed over`);
});

test('what a device wrote moves no cursor and begins no line', () => {
  const text = logLines({ ...ENTRY, message: 'a\u001b[2Jb\u2028c\rd', source: 'x\ny' });
  for (const sign of ['\u001b', '\n', '\r', '\u2028']) expect(text).not.toContain(sign);
});
