// The audit sees loss, doubles and strangers, and nothing else.
import { expect, test } from 'vitest';
import { metricByName } from '#shared/model/metric-catalogue.ts';
import { auditSequence, pollNumber, sumAudits } from './sequence-audit.ts';

test.each([
  [[1, 2, 3], 3, { made: 3, stored: 3, lost: 0, dup: 0, wrong: 0 }],
  [[3, 1], 3, { made: 3, stored: 2, lost: 1, dup: 0, wrong: 0 }],
  [[1, 2, 2, 3, 1], 3, { made: 3, stored: 3, lost: 0, dup: 2, wrong: 0 }],
  [[1, 4, 0, undefined], 3, { made: 3, stored: 1, lost: 2, dup: 0, wrong: 3 }],
  [[], 0, { made: 0, stored: 0, lost: 0, dup: 0, wrong: 0 }],
])('stored %j of %i made', (stored, made, expected) => {
  expect(auditSequence(stored, made)).toEqual(expected);
});

test('a lab is the sum of its devices', () => {
  expect(sumAudits([auditSequence([1], 2), auditSequence([1, 1], 1)])).toEqual({
    made: 3,
    stored: 2,
    lost: 1,
    dup: 1,
    wrong: 0,
  });
});

test('a record carries one number, the boot and the duration aside', () => {
  const series = ['cpu.user', 'cpu.idle', 'system.boot', 'poll.duration'].map((name) => ({
    metric: metricByName(name)?.id ?? Number.NaN,
    instance: '',
  }));
  expect(pollNumber(series, [7, 7, 123_456, 12])).toBe(7);
  expect(pollNumber(series, [7, 8, 123_456, 12])).toBeUndefined();
  expect(pollNumber(series, [7, undefined, 123_456, 12])).toBeUndefined();
  expect(pollNumber(series.slice(2), [123_456, 12])).toBeUndefined();
});
