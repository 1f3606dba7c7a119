// Proves who is on call, over hand-overs, hours, holidays and those who take over.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ContactId } from '#shared/base/id.ts';
import { OnCallSchedule } from '#shared/model/on-call.ts';
import { onCallAt, onCallNow, onCallTurns } from './on-call.ts';

const id = (n: number) => ContactId.parse(`00000000-0000-7000-8000-${String(n).padStart(12, '0')}`);
const [ADA, BEN, CLEO] = [id(1), id(2), id(3)];
const NAMES = new Map([
  [ADA, 'ada'],
  [BEN, 'ben'],
  [CLEO, 'cleo'],
]);
const DAY = 86_400_000;
const utc = (text: string) => Date.parse(`${text}:00Z`);
const iso = (at: number) => new Date(at).toISOString().slice(0, 16);

const WEEK = { name: 'week', people: [ADA, BEN], startsAt: '2026-03-02T09:00', everyDays: 7 };
const schedule = (over: object = {}): OnCallSchedule =>
  OnCallSchedule.parse({ name: 'first line', zone: 'Europe/Berlin', rotations: [WEEK], ...over });
const lines = (plan: OnCallSchedule, from: string, to: string): string[] =>
  onCallTurns(plan, utc(from), utc(to)).map(
    (turn) => `${iso(turn.from)} ${iso(turn.to)} ${NAMES.get(turn.contact)} ${turn.because}`,
  );

test('hand-over is at the same time of the wall clock on both sides of a change', () => {
  expect(lines(schedule(), '2026-03-16T08:00', '2026-04-06T07:00')).toEqual([
    '2026-03-16T08:00 2026-03-23T08:00 ada week',
    '2026-03-23T08:00 2026-03-30T07:00 ben week',
    '2026-03-30T07:00 2026-04-06T07:00 ada week',
  ]);
});

test('before its first hand-over a rotation has nobody', () => {
  expect(onCallAt(schedule(), utc('2026-03-02T07:59'))).toBeUndefined();
  expect(onCallAt(schedule(), utc('2026-03-02T08:00'))).toBe(ADA);
  expect(lines(schedule(), '2026-03-01T00:00', '2026-03-02T09:00')).toEqual([
    '2026-03-02T08:00 2026-03-02T09:00 ada week',
  ]);
});

test('one who stands twice has two turns', () => {
  const plan = schedule({ rotations: [{ ...WEEK, people: [ADA, ADA, BEN], everyDays: 1 }] });
  expect(lines(plan, '2026-03-02T08:00', '2026-03-05T08:00')).toEqual([
    '2026-03-02T08:00 2026-03-04T08:00 ada week',
    '2026-03-04T08:00 2026-03-05T08:00 ben week',
  ]);
});

test('hours belong to the first rotation that has somebody, a holiday makes hours empty', () => {
  const office = {
    name: 'office',
    people: [CLEO],
    startsAt: '2026-01-01T00:00',
    everyDays: 1,
    hours: [{ days: ['mon', 'tue'], from: '08:00', until: '18:00' }],
  };
  const plan = schedule({ rotations: [office, WEEK], holidays: [{ date: '2026-03-17' }] });
  expect(lines(plan, '2026-03-16T00:00', '2026-03-18T00:00')).toEqual([
    '2026-03-16T00:00 2026-03-16T07:00 ben week',
    '2026-03-16T07:00 2026-03-16T17:00 cleo office',
    '2026-03-16T17:00 2026-03-18T00:00 ada week',
  ]);
});

test('an override goes before a holiday, a holiday before rotations; of two overrides the later in the list', () => {
  const plan = schedule({
    holidays: [{ date: '2026-03-17', contact: CLEO }],
    overrides: [
      { from: utc('2026-03-17T10:00'), until: utc('2026-03-17T14:00'), contact: BEN },
      { from: utc('2026-03-17T12:00'), until: utc('2026-03-17T13:00'), contact: ADA },
    ],
  });
  expect(lines(plan, '2026-03-16T22:00', '2026-03-18T00:00')).toEqual([
    '2026-03-16T22:00 2026-03-16T23:00 ada week',
    '2026-03-16T23:00 2026-03-17T10:00 cleo holiday',
    '2026-03-17T10:00 2026-03-17T12:00 ben override',
    '2026-03-17T12:00 2026-03-17T13:00 ada override',
    '2026-03-17T13:00 2026-03-17T14:00 ben override',
    '2026-03-17T14:00 2026-03-17T23:00 cleo holiday',
    '2026-03-17T23:00 2026-03-18T00:00 ada week',
  ]);
});

test('who has it now is said with the end, and without one where none is in sight', () => {
  expect(onCallNow(schedule(), utc('2026-03-20T00:00'))).toEqual({
    contact: ADA,
    because: 'week',
    until: utc('2026-03-23T08:00'),
  });
  const alone = schedule({ rotations: [{ ...WEEK, people: [BEN] }] });
  expect(onCallNow(alone, utc('2026-03-20T00:00'))).toEqual({ contact: BEN, because: 'week', until: null });
  expect(onCallNow(alone, utc('2026-03-01T00:00'))).toBeUndefined();
});

describe('of any schedule', () => {
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC'];
  const anyDay = fc.integer({ min: 0, max: 300 }).map((n) => utc('2026-02-01T00:00') + n * 3_600_000 * 6);
  const anySchedule = fc
    .record({
      zone: fc.constantFrom(...zones),
      everyDays: fc.integer({ min: 1, max: 9 }),
      people: fc.array(fc.constantFrom(ADA, BEN, CLEO), { minLength: 1, maxLength: 4 }),
      startsAt: fc.constantFrom('2026-02-20T02:30', '2026-03-01T00:00', '2025-12-31T23:45'),
      overrides: fc.array(
        fc
          .tuple(anyDay, fc.nat(9 * DAY), fc.constantFrom(ADA, BEN))
          .map(([from, ms, contact]) => ({ from, until: from + ms, contact })),
        { maxLength: 3 },
      ),
      holidays: fc.subarray([{ date: '2026-03-08', contact: CLEO }, { date: '2026-03-29' }]),
      isOffice: fc.boolean(),
    })
    .map(({ everyDays, people, startsAt, isOffice, ...rest }) => {
      const week = { name: 'week', everyDays, people, startsAt };
      const hours = [{ days: ['sat', 'sun', 'mon'], from: '20:00', until: '04:00' }];
      return OnCallSchedule.parse({
        ...rest,
        name: 'any',
        rotations: [...(isOffice ? [{ ...week, name: 'nights', people: [BEN], hours }] : []), week],
      });
    });
  test('a moment within a turn is its person’s, one in no turn is nobody’s', () => {
    fc.assert(
      fc.property(anySchedule, anyDay, fc.nat(20 * DAY), (plan, from, ms) => {
        const turns = onCallTurns(plan, from, from + 20 * DAY);
        const at = from + ms;
        if (at < from + 20 * DAY)
          expect(onCallAt(plan, at)).toBe(turns.find((turn) => turn.from <= at && at < turn.to)?.contact);
        turns.slice(1).forEach((turn, n) => {
          expect(turn.from).toBeGreaterThanOrEqual(turns[n]?.to ?? 0);
        });
      }),
      { numRuns: 60 },
    );
  });
});
