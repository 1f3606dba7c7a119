// Sealing from SQLite.
import { expect, test } from 'vitest';
import { HOUR_MS } from '#shared/base/clock.ts';
import { HOUR, relayNo, siteNo } from '#test/fixtures/stream-kit.ts';
import { defineSealerTests } from '#test/repository/sealer-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';
import { Arrivals, dueAt, lastHourDue } from './seal-plan.ts';

defineSealerTests(sqliteEngine);

test('sites are sealed between four and ten minutes after the hour, each at a moment of its own', () => {
  const moments = Array.from({ length: 200 }, (_, n) => dueAt(siteNo(n), HOUR) - (HOUR + 1) * HOUR_MS);
  expect(Math.min(...moments)).toBeGreaterThanOrEqual(240_000);
  expect(Math.max(...moments)).toBeLessThan(600_000);
  expect(new Set(moments.map((ms) => Math.floor(ms / 60_000))).size).toBe(6);
  expect(lastHourDue((HOUR + 1) * HOUR_MS + 240_000)).toBe(HOUR);
  expect(lastHourDue((HOUR + 1) * HOUR_MS + 239_999)).toBe(HOUR - 1);
});

test('late frames are waited for while they come, but not for ever', () => {
  const arrivals = new Arrivals();
  expect(arrivals.isQuiet(relayNo(1), HOUR, 0)).toBe(true);
  for (let at = 0; at <= HOUR_MS; at += 30_000) {
    arrivals.note(relayNo(1), HOUR, at);
    expect(arrivals.isQuiet(relayNo(1), HOUR, at + 59_999)).toBe(false);
  }
  expect(arrivals.isQuiet(relayNo(1), HOUR, HOUR_MS + 60_000)).toBe(true);
  arrivals.note(relayNo(1), HOUR, 3 * HOUR_MS);
  expect(arrivals.isQuiet(relayNo(1), HOUR, 3 * HOUR_MS + 1)).toBe(true);
});
