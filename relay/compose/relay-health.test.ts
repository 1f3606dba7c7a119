// What a relay says of itself is what its rooms say, and the processor's share is that of the time between two reports.
import { expect, onTestFinished, test } from 'vitest';
import { RelayHealth } from '#shared/model/relay-health.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { audit, makeSpoolKit } from '#test/fixtures/spool-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { relayHealth, shareOfCore } from './relay-health.ts';

test('spool, polls, disk and certificate are in it, and it is a health of the protocol', () => {
  const { clock, spool } = makeSpoolKit(onTestFinished);
  const poller = {
    stats: () => ({
      ...{ polled: 9, failed: 1, skipped: 0, probes: 0, rechecks: 0, fast: 1, slow: 0 },
      ...{ devices: 12, failing: 2, due: 3, pollLagMs: 120, pollsPerMinute: 70, inventory: { read: 0, failed: 0 } },
    }),
  } as unknown as Parameters<typeof relayHealth>[0]['poller']; // the members that are read; the rest is the poller's own
  const health = relayHealth({
    clock,
    data: tempFolder(onTestFinished),
    spool,
    poller,
    certificateExpiresAt: () => 77,
  });
  spool.addRecord(0, audit(clock.now(), 'one'));
  spool.addRecord(0, audit(clock.now(), 'two'));
  spool.acknowledge({ lane: 0, received: 1, durable: 1 });
  const told = health();
  expect(RelayHealth.parse(told)).toEqual(told);
  expect(told).toMatchObject({ at: clock.now(), devices: 12, failing: 2, pollsDue: 3, pollLagMs: 120 });
  expect(told).toMatchObject({ pollsPerMinute: 70, certificateExpiresAt: 77, nodeVersion: process.version });
  expect(told.lanes.map(({ kept }) => kept)).toEqual([1, 0, 0, 0]);
  expect(told.spoolQuotaBytes).toBe(spool.stats().quotaBytes);
  for (const bytes of [told.diskFreeBytes ?? 0, told.rssBytes, told.heapBytes, told.spoolBytes])
    expect(bytes).toBeGreaterThan(0);
});

test('half a second of work in a second is half a core, and two reports in one moment say nothing', () => {
  const clock = new FakeClock();
  const before = { at: clock.monotonic(), cpu: { user: 1_000_000, system: 200_000 } };
  const after = (ms: number) => ({ at: before.at + ms, cpu: { user: 1_400_000, system: 300_000 } });
  expect(shareOfCore(before, after(1_000))).toBe(0.5);
  expect(shareOfCore(before, after(250))).toBe(2);
  expect(shareOfCore(before, after(0))).toBe(0);
});
