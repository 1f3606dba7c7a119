// Starts the metrics worker's thread: the bundle beside the program in a release, the source under tsx otherwise.
import { Worker } from 'node:worker_threads';
import { threadProgram } from '#shared/runtime/thread-program.ts';
import type { WorkerStart } from './worker-message.ts';

/** Young objects of a sealed hour are many and short-lived: a larger nursery spares their copying. */
const LIMITS = { maxYoungGenerationSizeMb: 64, maxOldGenerationSizeMb: 1_024 };

export function startWorkerThread(start: WorkerStart): Worker {
  return new Worker(threadProgram('metrics-worker.cjs', 'worker-main.ts', import.meta.url), {
    workerData: start,
    // Flags of the process hold in its threads; what a test runner or tsx added is of no use here.
    execArgv: [],
    resourceLimits: LIMITS,
    name: 'metrics',
  });
}
