// What is missing says why, and never more than is known.
import { expect, test } from 'vitest';
import { missingOf } from './missing.ts';

const DAY = 86_400_000;
const now = 1_000 * DAY;
const known = { now, addedAt: undefined, keptFrom: now - 365 * DAY };
const source = (from: number, to: number, away = false) => ({
  resolution: 'hours',
  away,
  missing: [{ from: now - from * DAY, to: now - to * DAY }],
});

test('nothing is missing of an answer that says nothing', () => expect(missingOf(undefined, known)).toEqual([]));

test('what is older than is kept is parted from what was never recorded', () => {
  expect(missingOf(source(400, 300), known)).toEqual([
    { from: now - 400 * DAY, to: now - 365 * DAY, reason: 'old' },
    { from: now - 365 * DAY, to: now - 300 * DAY, reason: 'never' },
  ]);
});

test('a site that is away has the last thirty days, and not more', () => {
  expect(missingOf(source(40, 10, true), known).map(({ reason, from }) => [reason, (now - from) / DAY])).toEqual([
    ['never', 40],
    ['away', 30],
  ]);
});

test('who may not read how long is kept is told no more than that it is not', () => {
  expect(missingOf(source(400, 300), { ...known, keptFrom: undefined })).toEqual([
    { from: now - 400 * DAY, to: now - 300 * DAY, reason: 'unkept' },
  ]);
});

test('before a device was added there was nothing to record', () => {
  const reasons = missingOf(source(5, 1), { ...known, addedAt: now - 3 * DAY }).map(({ reason }) => reason);
  expect(reasons).toEqual(['before', 'never']);
});

test('what meets and has one reason is one part, and what is to come is not missing', () => {
  const missing = [
    { from: now - 2 * DAY, to: now - DAY },
    { from: now - DAY, to: now + DAY },
  ];
  expect(missingOf({ resolution: 'raw', away: false, missing }, known)).toEqual([
    { from: now - 2 * DAY, to: now, reason: 'never' },
  ]);
});
