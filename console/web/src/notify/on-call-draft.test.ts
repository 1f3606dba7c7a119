// Somebody takes each turn, holidays are dates with a name, and what the form does not show is kept.
import { expect, test } from 'vitest';
import type { Schedule } from './notify-data.ts';
import { draftOf, faultsOf, mondayMorning, newRotation, wishOf } from './on-call-draft.ts';

const value = {
  name: 'nights',
  zone: 'Europe/Berlin',
  rotations: [{ name: 'week', people: ['a', 'b', 'a'], startsAt: '2026-11-23T08:00', everyDays: 7 }],
  overrides: [{ from: 1, until: 2, contact: 'b' }],
  holidays: [
    { date: '2026-12-25', name: 'Christmas Day', contact: 'b' },
    { date: '2026-12-26', name: '' },
  ],
};
// Ids are branded where they come from.
const schedule = { id: 's', now: null, ...value } as unknown as Schedule;

test('a schedule goes through its form unchanged, with what it does not show', () => {
  const draft = draftOf(schedule, newRotation('', ''));
  expect(draft.holidays).toBe('2026-12-25 Christmas Day\n2026-12-26');
  expect(faultsOf(draft)).toEqual({});
  expect(wishOf(draft, schedule)).toEqual(value);
});

test.each([
  [{ people: [] }, { 'rotations.0.people': 'people' }],
  [{ startsAt: '' }, { 'rotations.0.startsAt': 'start' }],
  [{ everyDays: '57' }, { 'rotations.0.everyDays': 'days' }],
  [{ everyDays: '0' }, { 'rotations.0.everyDays': 'days' }],
  [{ hasHours: true, spans: [{ days: [], from: '08:00', until: '18:00' }] }, { 'rotations.0.hours': 'hours' }],
])('a rotation with %j lacks something', (patch, faults) => {
  const draft = draftOf(schedule, newRotation('', ''));
  const rotations = draft.rotations.map((rotation) => ({ ...rotation, ...patch }));
  expect(faultsOf({ ...draft, rotations })).toEqual(faults);
});

test('a holiday is a date with a name behind it', () => {
  const draft = draftOf(schedule, newRotation('', ''));
  expect(faultsOf({ ...draft, holidays: '25.12.2026' })).toEqual({ holidays: 'holidays' });
});

test.each([
  ['2026-11-23T18:00:00Z', '2026-11-23T08:00'],
  ['2026-11-22T23:00:00Z', '2026-11-16T08:00'],
])('the week of %s begins on %s', (at, monday) => expect(mondayMorning(Date.parse(at))).toBe(monday));
