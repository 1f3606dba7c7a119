// The metrics worker: the one thread that opens the files of past days. It knows no socket, no database and no secret.
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '#shared/base/clock.ts';
import { openDayStore } from '#shared/day-files/open-day-store.ts';
import { CALLS } from './worker-calls.ts';
import { WorkerLoop } from './worker-loop.ts';
import type { WorkerStart } from './worker-message.ts';

// Only the console that started this thread speaks to it.
const { folder } = workerData as WorkerStart;

if (parentPort !== null)
  new WorkerLoop({ port: parentPort, calls: CALLS, store: openDayStore(folder), folder, clock: systemClock });
