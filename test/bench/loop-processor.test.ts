// The loop's own processor time is seen, and begins anew when it was taken.
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { LoopProcessor } from './loop-processor.ts';

test.runIf(existsSync('/proc/thread-self/schedstat'))('work between two looks is counted once', async () => {
  const processor = new LoopProcessor();
  expect(processor.take()).toEqual({ cpuP99Ms: 0, cpuMaxMs: 0 });
  processor.start();
  onTestFinished(() => processor.stop());
  const before = process.cpuUsage();
  while (process.cpuUsage(before).user < 20_000) Math.sqrt(2);
  await wait(20);
  // Others of this process share those 20 ms: the thread that worked has most of them.
  expect(processor.take().cpuMaxMs).toBeGreaterThan(5);
  processor.stop();
  expect(processor.take()).toEqual({ cpuP99Ms: 0, cpuMaxMs: 0 });
});
