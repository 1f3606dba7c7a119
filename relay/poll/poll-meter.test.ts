// The last minute's polls are counted exactly, and the 95th percentile of their lag is that of the newest.
import { expect, test } from 'vitest';
import { PollMeter } from './poll-meter.ts';

test('without a poll there is nothing late', () => {
  expect(new PollMeter().read(5_000)).toEqual({ pollsPerMinute: 0, pollLagMs: 0 });
});

test('a hundred polls, ten of them late', () => {
  const meter = new PollMeter();
  for (let i = 0; i < 100; i += 1) meter.began(100_000 + i * 500, i % 10 === 0 ? 900.4 : 20);
  expect(meter.read(150_000)).toEqual({ pollsPerMinute: 100, pollLagMs: 900 });
});

test('what is older than a minute counts no more', () => {
  const meter = new PollMeter();
  for (let i = 0; i < 60; i += 1) meter.began(i * 1_000, 5_000);
  for (let i = 60; i < 90; i += 1) meter.began(i * 1_000, 10);
  expect(meter.read(89_999)).toMatchObject({ pollsPerMinute: 60, pollLagMs: 5_000 });
  expect(meter.read(149_999)).toEqual({ pollsPerMinute: 0, pollLagMs: 0 });
});

test('more polls than it keeps lags for are counted all the same', () => {
  const meter = new PollMeter();
  for (let i = 0; i < 24_000; i += 1) meter.began(i * 2.5, i < 12_000 ? 700 : 50);
  expect(meter.read(59_999)).toEqual({ pollsPerMinute: 24_000, pollLagMs: 50 });
});
