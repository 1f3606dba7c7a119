// What the overview says of the way up.
import { expect, test } from 'vitest';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { syntheticDevice } from '#test/fixtures/synthetic-polls.ts';
import { IngestPulse } from './ingest-pulse.ts';

const series = [1, 2, 3].map((metric) => ({ metric, instance: '' }));
const poll = (at: number): PollRecord => ({ device: syntheticDevice(1), at, series, values: [1, 2, 3] });

test('rates are those of the last minute, and forget what is older', async () => {
  const clock = new FakeClock();
  const pulse = new IngestPulse({ clock });
  expect(pulse.read()).toEqual({ samplesPerSecond: 0, batchesPerSecond: 0, lagMs: null });
  for (let second = 0; second < 120; second += 1) {
    for (let n = 0; n < 10; n += 1) pulse.take({ polls: [poll(clock.now())], isLive: true });
    await clock.advance(1_000);
  }
  const { samplesPerSecond, batchesPerSecond } = pulse.read();
  expect(batchesPerSecond).toBeCloseTo(10, 0);
  expect(samplesPerSecond).toBeCloseTo(30, 0);
  await clock.advance(61_000);
  expect(pulse.read()).toEqual({ samplesPerSecond: 0, batchesPerSecond: 0, lagMs: null });
});

test('a console that has just begun is not said to be slower than it is', async () => {
  const clock = new FakeClock();
  const pulse = new IngestPulse({ clock });
  pulse.take({ polls: [poll(clock.now())], isLive: true });
  await clock.advance(2_000);
  expect(pulse.read().samplesPerSecond).toBe(1.5);
});

test('the lag is that of the oldest sample of nineteen in twenty live batches; a backlog is no lag', async () => {
  const clock = new FakeClock();
  const pulse = new IngestPulse({ clock });
  for (let n = 1; n <= 100; n += 1)
    pulse.take({ polls: [poll(clock.now()), poll(clock.now() - n * 10)], isLive: true });
  pulse.take({ polls: [poll(clock.now() - 8 * 3_600_000)], isLive: false });
  expect(pulse.read().lagMs).toBe(950);
});

test('a relay whose clock runs ahead makes no lag below nothing', () => {
  const clock = new FakeClock();
  const pulse = new IngestPulse({ clock });
  pulse.take({ polls: [poll(clock.now() + 5_000)], isLive: true });
  expect(pulse.read().lagMs).toBe(0);
});
