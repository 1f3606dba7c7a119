// The thread that owns the day files lets one of them go, and tells how long that took.
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '#shared/base/clock.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { TEST_DAY } from '#test/fixtures/day-kit.ts';

const { folder } = workerData as { folder: string };
const store = new FileDayStore({ folder, onDamage: () => undefined });
parentPort?.postMessage('begins');
const start = systemClock.monotonic();
store.drop(TEST_DAY, 'raw');
parentPort?.postMessage(systemClock.monotonic() - start);
store.stop();
