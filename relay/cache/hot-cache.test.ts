// The hot cache gives back exactly what it took, for 24 hours and within its quota.
import { expect, test } from 'vitest';
import { HOUR_MS } from '#shared/base/clock.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { syntheticDevice, syntheticPolls } from '#test/fixtures/synthetic-polls.ts';
import { HotCache } from './hot-cache.ts';

const T0 = Date.UTC(2026, 0, 2);
const device = syntheticDevice(0);

/** A cache whose clock stands `afterMs` past T0. */
function cacheAt(afterMs: number, quotaBytes = 64 * 1_024 * 1_024) {
  const clock = new FakeClock(T0 + afterMs);
  return { clock, cache: new HotCache({ clock, quotaBytes }) };
}

const polls = (fromMs: number, toMs: number, more = {}) => [
  ...syntheticPolls({ devices: 2, series: 30, from: T0 + fromMs, to: T0 + toMs, intervalMs: 60_000, seed: 1, ...more }),
];

const plain = (records: readonly PollRecord[]) =>
  records.map(({ device, at, series, values }) => ({ device, at, series: [...series], values: [...values] }));

test('a day of polls reads back bit for bit, whole and in part', () => {
  const { cache } = cacheAt(24 * HOUR_MS - 1);
  const records = polls(0, 24 * HOUR_MS);
  expect(cache.refill(records)).toBe(2 * 1_440);
  const own = records.filter((record) => record.device === device);
  expect(plain(cache.range(device, 0, Number.MAX_SAFE_INTEGER))).toEqual(plain(own));
  const [from, to] = [T0 + 3 * HOUR_MS + 60_000, T0 + 5 * HOUR_MS];
  expect(plain(cache.range(device, from, to))).toEqual(plain(own.filter(({ at }) => at >= from && at < to)));
  expect(cache.last(device)).toEqual(own.at(-1));
  expect(cache.stats().samples).toBe(2 * 1_440 * 30);
});

test('unknown values, changing columns and polls a second apart read back too', () => {
  const { cache } = cacheAt(HOUR_MS);
  const series = [{ metric: 8, instance: '' }];
  const more = [...series, { metric: 30, instance: '/srv' }];
  const records: PollRecord[] = [
    { device, at: T0, series, values: [5] },
    { device, at: T0 + 1_000, series, values: [undefined] },
    { device, at: T0 + 2_000, series: more, values: [7, 9] },
    { device, at: T0 + 3_000, series: more, values: [undefined, 10] },
  ];
  for (const record of records) cache.add(record);
  expect(plain(cache.range(device, T0, T0 + HOUR_MS))).toEqual(plain(records));
  expect(cache.stats().samples).toBe(4); // unknown values are no samples
});

test('reading the open hour again and again changes nothing and costs little', () => {
  const { cache } = cacheAt(HOUR_MS);
  const records = polls(0, HOUR_MS, { devices: 1, intervalMs: 10_000 });
  for (const [i, record] of records.entries()) {
    cache.add(record);
    expect(cache.range(device, T0, T0 + HOUR_MS).length).toBe(i + 1);
  }
  expect(plain(cache.range(device, T0, T0 + HOUR_MS))).toEqual(plain(records));
  const { cache: unread } = cacheAt(HOUR_MS);
  unread.refill(records);
  expect(cache.stats().samples).toBe(unread.stats().samples);
  expect(cache.stats().bytes).toBeLessThan(2 * unread.stats().bytes);
});

test('an hour goes when it is 24 hours old, the last value stays', () => {
  const { clock, cache } = cacheAt(HOUR_MS - 1);
  cache.refill(polls(0, HOUR_MS));
  const last = cache.last(device);
  clock.jump(23 * HOUR_MS);
  cache.refill(polls(23 * HOUR_MS, 24 * HOUR_MS - 60_000));
  expect(cache.range(device, T0, T0 + HOUR_MS).length).toBe(60);
  clock.jump(HOUR_MS);
  cache.add({ ...(last ?? expect.unreachable()), device: syntheticDevice(1), at: clock.now() });
  expect(cache.range(device, T0, T0 + HOUR_MS)).toEqual([]);
  expect(cache.last(device)?.at).toBeGreaterThan(T0 + 23 * HOUR_MS);
  expect(cache.stats().oldestHour).toBe((T0 + 23 * HOUR_MS) / HOUR_MS);
});

test('over the quota the oldest hours go, whatever the number of devices', () => {
  const quotaBytes = 200_000;
  const { cache } = cacheAt(24 * HOUR_MS - 1, quotaBytes);
  let most = 0;
  for (const record of polls(0, 24 * HOUR_MS, { devices: 8 })) {
    cache.add(record);
    most = Math.max(most, cache.stats().bytes);
  }
  expect(most).toBeLessThanOrEqual(quotaBytes);
  const { evictedHours, oldestHour, bytes } = cache.stats();
  expect(evictedHours).toBeGreaterThan(10);
  expect(oldestHour).toBeGreaterThan(T0 / HOUR_MS + 10);
  expect(bytes).toBeGreaterThan(quotaBytes / 2);
  expect(cache.range(device, T0 + 23 * HOUR_MS, T0 + 24 * HOUR_MS).length).toBe(60);
});

test('a clock that is set back keeps both histories, in order of time', () => {
  const { clock, cache } = cacheAt(2 * HOUR_MS);
  const records = polls(0, 2 * HOUR_MS, { devices: 1 });
  cache.refill(records);
  clock.jump(-HOUR_MS);
  const again = polls(HOUR_MS - 300_000, HOUR_MS + 30_000, { devices: 1, seed: 2 }).map((r) => ({
    ...r,
    at: r.at + 7,
  }));
  cache.refill(again);
  const all = cache.range(device, T0, T0 + 2 * HOUR_MS);
  expect(all.length).toBe(records.length + again.length);
  expect(all.map(({ at }) => at)).toEqual([...records, ...again].map(({ at }) => at).sort((a, b) => a - b));
});

test('records of last week and of tomorrow are passed over and counted', () => {
  const { cache } = cacheAt(0);
  cache.refill([...polls(-30 * HOUR_MS, -25 * HOUR_MS), ...polls(2 * HOUR_MS, 3 * HOUR_MS)]);
  expect(cache.stats()).toMatchObject({ added: 0, refused: 2 * 360, bytes: 0 });
});

test('a device that is forgotten leaves nothing', () => {
  const { cache } = cacheAt(3 * HOUR_MS);
  cache.refill(polls(0, 3 * HOUR_MS));
  cache.forget(device);
  expect(cache.last(device)).toBeUndefined();
  expect(cache.range(device, 0, T0 + 3 * HOUR_MS)).toEqual([]);
  cache.forget(syntheticDevice(1));
  expect(cache.stats()).toMatchObject({ devices: 0, bytes: 0, samples: 0, oldestHour: undefined });
});
