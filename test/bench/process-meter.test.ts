// The meter agrees with what a process knows of itself.
import { expect, test } from 'vitest';
import { processUse } from './process-meter.ts';

test('CPU and memory of this process are what it measures itself', () => {
  const before = processUse(process.pid);
  const start = process.cpuUsage();
  // Burns 0.2 s of CPU, however loaded the machine is; asking seldom, for the question is work of the kernel.
  for (let n = 0; n % 100_000 !== 0 || process.cpuUsage(start).user < 200_000; n += 1);
  const after = processUse(process.pid);
  const own = process.cpuUsage(start);
  // The kernel counts in ticks of 10 ms, and all threads; the process counts the same work in microseconds.
  expect(Math.abs(after.cpuS - before.cpuS - (own.user + own.system) / 1e6)).toBeLessThan(0.1);
  expect(Math.abs(after.rssMb - process.memoryUsage.rss() / 2 ** 20)).toBeLessThan(20);
  expect(after.peakRssMb).toBeGreaterThanOrEqual(after.rssMb);
});

test('a process that is gone cannot be measured', () => {
  expect(() => processUse(2 ** 22 + 1)).toThrow(/ENOENT/);
});
