// Proves that an expiring charter is told at 30, 14 and 3 days and at its end, once each.
import { expect, test } from 'vitest';
import type { RelayEventRecord } from '#shared/model/record.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { SAMPLE_TIME, sampleCharter } from '#test/fixtures/sample-trust.ts';
import { expiryStep, warnBeforeExpiry } from './charter-expiry.ts';

const DAY = 86_400_000;

test.each([
  [31, undefined],
  [30, 30],
  [15, 30],
  [14, 14],
  [3.5, 14],
  [3, 3],
  [0.1, 3],
  [0, 0],
  [-5, 0],
])('%d days before its end: step %s', (days, step) => {
  expect(expiryStep({ expiresAt: SAMPLE_TIME }, SAMPLE_TIME - days * DAY)).toBe(step);
});

test('each step is told once, and a new charter ends the warnings', async () => {
  const clock = new FakeClock(SAMPLE_TIME);
  const told: RelayEventRecord[] = [];
  let charter = sampleCharter([], [], { expiresAt: SAMPLE_TIME + 31 * DAY });
  const stop = warnBeforeExpiry({ clock, charter: () => charter, onWarning: (record) => told.push(record) });
  await clock.advance(20 * DAY);
  expect(told.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
  await clock.advance(12 * DAY);
  expect(told.map(({ severity }) => severity)).toEqual(['warning', 'warning', 'warning', 'critical']);
  charter = { ...charter, version: 2, expiresAt: SAMPLE_TIME + 400 * DAY };
  await clock.advance(30 * DAY);
  expect(told).toHaveLength(4);
  await stop();
  expect(clock.sleeping).toBe(0);
});
