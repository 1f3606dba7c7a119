// Proves which begins a rule has, by the examples of RFC 5545 (3.8.5.3) and by what calendars write besides.
import { expect, test } from 'vitest';
import { occurrences } from './occurrences.ts';
import { readRecurrence } from './recurrence.ts';
import { dayOf, readWall, writeWall } from './zone-time.ts';

const NEW_YORK = 'America/New_York';

function begins(startsAt: string, text: string, from: string, most: number, zone = NEW_YORK): string[] {
  const rule = readRecurrence(text);
  if (!rule.ok) throw new Error(rule.message);
  const found: string[] = [];
  for (const wall of occurrences({ start: readWall(startsAt) ?? 0, zone, rule: rule.value }, readWall(from) ?? 0)) {
    if (found.length === most) break;
    found.push(writeWall(wall).slice(0, 10));
  }
  return found;
}

const SEP_2 = '1997-09-02T09:00:00';

test.each([
  ['FREQ=DAILY;COUNT=3', SEP_2, '1997-09-02 1997-09-03 1997-09-04'],
  ['FREQ=DAILY;UNTIL=19970904T000000Z', SEP_2, '1997-09-02 1997-09-03'],
  ['FREQ=DAILY;UNTIL=19970904', SEP_2, '1997-09-02 1997-09-03 1997-09-04'],
  ['FREQ=DAILY;INTERVAL=10;COUNT=3', SEP_2, '1997-09-02 1997-09-12 1997-09-22'],
  ['FREQ=WEEKLY;INTERVAL=2;WKST=SU;COUNT=3', SEP_2, '1997-09-02 1997-09-16 1997-09-30'],
  ['FREQ=WEEKLY;COUNT=4;WKST=SU;BYDAY=TU,TH', SEP_2, '1997-09-02 1997-09-04 1997-09-09 1997-09-11'],
  ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;WKST=SU;BYDAY=TU,TH', SEP_2, '1997-09-02 1997-09-04 1997-09-16 1997-09-18'],
  ['FREQ=MONTHLY;COUNT=3;BYDAY=1FR', '1997-09-05T09:00:00', '1997-09-05 1997-10-03 1997-11-07'],
  [
    'FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYDAY=1SU,-1SU',
    '1997-09-07T09:00:00',
    '1997-09-07 1997-09-28 1997-11-02 1997-11-30',
  ],
  ['FREQ=MONTHLY;COUNT=3;BYDAY=-2MO', '1997-09-22T09:00:00', '1997-09-22 1997-10-20 1997-11-17'],
  ['FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=3', '1997-09-28T09:00:00', '1997-09-28 1997-10-29 1997-11-28'],
  ['FREQ=MONTHLY;COUNT=4;BYMONTHDAY=1,-1', '1997-09-30T09:00:00', '1997-09-30 1997-10-01 1997-10-31 1997-11-01'],
  ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3', SEP_2, '1998-02-13 1998-03-13 1998-11-13'],
  ['FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', '1997-09-04T09:00:00', '1997-09-04 1997-10-07 1997-11-06'],
  ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=3', '1997-09-29T09:00:00', '1997-09-29 1997-10-30 1997-11-27'],
  ['FREQ=MONTHLY;COUNT=4', '2026-01-31T09:00:00', '2026-01-31 2026-03-31 2026-05-31 2026-07-31'],
  ['FREQ=YEARLY;COUNT=4;BYMONTH=6,7', '1997-06-10T09:00:00', '1997-06-10 1997-07-10 1998-06-10 1998-07-10'],
  ['FREQ=YEARLY;BYDAY=20MO;COUNT=3', '1997-05-19T09:00:00', '1997-05-19 1998-05-18 1999-05-17'],
  ['FREQ=YEARLY;BYMONTH=3;BYDAY=TH;COUNT=4', '1997-03-13T09:00:00', '1997-03-13 1997-03-20 1997-03-27 1998-03-05'],
  [
    'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3',
    '1996-11-05T09:00:00',
    '1996-11-05 2000-11-07 2004-11-02',
  ],
  ['FREQ=YEARLY', '2096-02-29T09:00:00', '2096-02-29 2104-02-29 2108-02-29'],
  ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=-1;COUNT=3', '2027-01-01T00:00:00', '2027-02-28 2028-02-29 2029-02-28'],
  [
    'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO',
    '1997-08-05T09:00:00',
    '1997-08-05 1997-08-10 1997-08-19 1997-08-24',
  ],
  [
    'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU',
    '1997-08-05T09:00:00',
    '1997-08-05 1997-08-17 1997-08-19 1997-08-31',
  ],
])('%s from %s begins on %s', (rule, startsAt, days) => {
  expect(begins(startsAt, rule, startsAt, days.split(' ').length)).toEqual(days.split(' '));
});

test('the same begins are found from the middle as from the first on', () => {
  for (const rule of [
    'FREQ=DAILY;INTERVAL=7',
    'FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,SU',
    'FREQ=MONTHLY;INTERVAL=5;BYDAY=-1FR',
    'FREQ=YEARLY;INTERVAL=2',
  ]) {
    const all = begins('2000-02-29T09:00:00', rule, '2000-02-29T09:00:00', 60);
    for (const day of all.slice(0, -3)) {
      const at = all.indexOf(day);
      expect(begins('2000-02-29T09:00:00', rule, `${day}T09:00:00`, 3), rule).toEqual(all.slice(at, at + 3));
    }
  }
});

test('a rule without a day ends, from wherever it is asked', () => {
  expect(begins('2026-01-01T00:00:00', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', '2150-01-01T00:00:00', 1)).toEqual([]);
  expect(begins('2026-01-01T00:00:00', 'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31;COUNT=5', '2026-01-01T00:00:00', 1)).toEqual(
    [],
  );
});

test('a day far on is found without counting up to it', () => {
  const rule = readRecurrence('FREQ=DAILY');
  if (!rule.ok) throw new Error(rule.message);
  let asked = 0;
  const value = new Proxy(rule.value, {
    get: (target, name) => {
      if (name === 'frequency') asked += 1;
      return Reflect.get(target, name);
    },
  });
  const from = readWall('2199-06-01T00:00:00') ?? 0;
  const found = occurrences({ start: 0, zone: 'UTC', rule: value }, from).next();
  expect(dayOf(found.value ?? 0)).toBe(dayOf(from));
  // 20: a handful of periods, not the 84,000 days before.
  expect(asked).toBeLessThan(20);
});

test.each([
  ['', 'none of FREQ'],
  ['FREQ=SECONDLY', 'FREQ must be one of'],
  ['FREQ=DAILY;COUNT=3;UNTIL=20270101', 'exclude each other'],
  ['FREQ=DAILY;COUNT=10001', 'from 1 to 10000'],
  ['FREQ=DAILY;INTERVAL=0', 'from 1 to 1000'],
  ['FREQ=DAILY;FREQ=DAILY', 'stands twice'],
  ['FREQ=DAILY;BYHOUR=3', '"BYHOUR=3" is none of'],
  ['FREQ=MONTHLY;BYMONTHDAY=0', 'from -31 to 31'],
  ['FREQ=MONTHLY;BYDAY=XX', 'is no day of the week'],
  ['FREQ=WEEKLY;BYDAY=1MO', 'it needs FREQ=MONTHLY'],
  ['FREQ=WEEKLY;BYMONTHDAY=1', 'does not go with'],
  ['FREQ=MONTHLY;BYSETPOS=1', 'none is given'],
  ['FREQ=DAILY;UNTIL=soon', 'UNTIL must be'],
])('%j is refused: %s', (rule, words) => {
  const read = readRecurrence(rule);
  expect(read.ok ? '' : read.message).toContain(words);
});
