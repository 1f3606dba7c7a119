// The thread of one heavy job: does what it was started for, tells what came of it, and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { describeError } from '#shared/base/errors.ts';
import { HEAVY, type HeavyName } from './heavy-work.ts';
import type { FromHeavy } from './run-heavy.ts';

// Only the console that started this thread speaks to it.
const { name, ask } = workerData as { name: HeavyName; ask: never };

const tell = (message: FromHeavy) => parentPort?.postMessage(message);

// The bundle is CommonJS, which waits for nothing at its top.
async function main(): Promise<void> {
  try {
    tell({ is: 'answer', answer: await HEAVY[name](ask) });
  } catch (error) {
    tell({ is: 'failure', ...describeError(error) });
  }
  parentPort?.close();
}

void main();
