// Due times are even, back-off has its cap, and a recheck comes once.
import { expect, test } from 'vitest';
import { DeviceId, newId } from '#shared/base/id.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { afterFailure, HEALTHY, nextOnGrid, planNext, spreadOffsets } from './schedule.ts';

const ids = (count: number) =>
  Array.from({ length: count }, (_, i) => DeviceId.parse(newId(1_767_225_600_000, seededBytes(i + 1))));

test('the grid point after a time is strictly later, and an interval from the one before', () => {
  expect(nextOnGrid(300, 1_000, 0)).toBe(300);
  expect(nextOnGrid(300, 1_000, 299)).toBe(300);
  expect(nextOnGrid(300, 1_000, 300)).toBe(1_300);
  expect(nextOnGrid(300, 1_000, 12_345)).toBe(13_300);
});

test('no second of any interval holds more than twice the mean, for 500 devices of five intervals', () => {
  const devices = ids(500).map((device, i) => ({
    device,
    intervalMs: [10_000, 30_000, 60_000, 120_000, 300_000][i % 5] ?? 0,
  }));
  const offsets = spreadOffsets(devices);
  const seconds = new Array<number>(600).fill(0);
  for (const { device, intervalMs } of devices) {
    let at = nextOnGrid(offsets.get(device) ?? 0, intervalMs, -1);
    for (; at < 600_000; at = nextOnGrid(offsets.get(device) ?? 0, intervalMs, at)) {
      const second = Math.floor(at / 1_000);
      seconds[second] = (seconds[second] ?? 0) + 1;
    }
  }
  const mean = seconds.reduce((sum, n) => sum + n, 0) / seconds.length;
  expect(mean).toBeGreaterThan(15);
  expect(Math.max(...seconds)).toBeLessThanOrEqual(2 * mean);
});

test.each([
  [2, 10_000, 1],
  [25, 10_000, 2],
  [500, 60_000, 8],
  [2_000, 10_000, 8],
])('of %i devices every %i ms, %i share a moment', (count, intervalMs, size) => {
  const offsets = spreadOffsets(ids(count).map((device) => ({ device, intervalMs })));
  const sharing = new Map<number, number>();
  for (const offset of offsets.values()) sharing.set(offset, (sharing.get(offset) ?? 0) + 1);
  expect(Math.max(...sharing.values())).toBe(size);
  expect(sharing.size).toBe(Math.ceil(count / size));
});

test('an offset depends on the devices, not on their order', () => {
  const devices = ids(40).map((device) => ({ device, intervalMs: 60_000 }));
  expect([...spreadOffsets(devices.toReversed())].sort()).toEqual([...spreadOffsets(devices)].sort());
});

test('full attempts back off to eight intervals, and never past five minutes', () => {
  const waits = (intervalMs: number) => {
    let health = HEALTHY;
    return Array.from({ length: 7 }, () => {
      health = afterFailure(health, 'timed-out', 0, intervalMs);
      return health.fullFromMs + intervalMs / 2;
    });
  };
  expect(waits(10_000)).toEqual([10_000, 20_000, 40_000, 80_000, 80_000, 80_000, 80_000]);
  expect(waits(60_000)).toEqual([60_000, 120_000, 240_000, 300_000, 300_000, 300_000, 300_000]);
  expect(waits(900_000)).toEqual([900_000, 900_000, 900_000, 900_000, 900_000, 900_000, 900_000]);
});

test('an unreachable device is asked once more within five seconds, then probed each interval', () => {
  const once = afterFailure(HEALTHY, 'unreachable', 0, 60_000);
  expect(planNext(once, 0, 60_000, 100)).toEqual({ dueMs: 5_100, attempt: 'recheck' });
  const twice = afterFailure(once, 'unreachable', 5_100, 60_000);
  expect(planNext(twice, 0, 60_000, 5_200)).toEqual({ dueMs: 60_000, attempt: 'probe' });
  expect(planNext(twice, 0, 60_000, 60_100)).toEqual({ dueMs: 120_000, attempt: 'poll' });
});

test('a login that is not tried costs nothing and is asked for each interval, another identity backs off without probes', () => {
  const plan = (reason: Parameters<typeof afterFailure>[1]) =>
    planNext(afterFailure(HEALTHY, reason, 0, 60_000), 0, 60_000, 100);
  expect(plan('denied')).toEqual({ dueMs: 60_000, attempt: 'poll' });
  expect(plan('credential-missing')).toEqual({ dueMs: 60_000, attempt: 'poll' });
  let changed = HEALTHY;
  for (let i = 0; i < 3; i += 1) changed = afterFailure(changed, 'identity-changed', 0, 60_000);
  expect(planNext(changed, 0, 60_000, 100)).toEqual({ dueMs: 240_000, attempt: 'poll' });
});
