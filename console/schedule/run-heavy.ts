// Runs a heavy job in a thread of its own; the thread ends with the console.
import { Worker } from 'node:worker_threads';
import { AppError, type ErrorCode } from '#shared/base/errors.ts';
import { threadProgram } from '#shared/runtime/thread-program.ts';
import type { HeavyAnswer, HeavyAsk, HeavyName } from './heavy-work.ts';

export type FromHeavy = { is: 'answer'; answer: unknown } | { is: 'failure'; code: ErrorCode; message: string };

/** Copying and checking hold a piece of a file and a few pages. */
const LIMITS = { maxOldGenerationSizeMb: 256 };

export async function runHeavy<N extends HeavyName>(
  name: N,
  ask: HeavyAsk<N>,
  signal: AbortSignal,
): Promise<HeavyAnswer<N>> {
  signal.throwIfAborted();
  const worker = new Worker(threadProgram('heavy-job.cjs', 'heavy-main.ts', import.meta.url), {
    workerData: { name, ask },
    // Flags of the process hold in its threads; what a test runner or tsx added is of no use here.
    execArgv: [],
    resourceLimits: LIMITS,
    name: `job ${name}`,
  });
  // Nothing of a check or of an unfinished backup is lost with the thread.
  const onAbort = () => void worker.terminate();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    // The thread's own answer to what it was asked.
    return (await answerOf(name, worker)) as HeavyAnswer<N>;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function answerOf(name: string, worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromHeavy) => {
      if (message.is === 'answer') resolve(message.answer);
      else reject(new AppError(message.code, message.message));
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new AppError('unavailable', `job ${name}: its thread ended without an answer`)));
  });
}
