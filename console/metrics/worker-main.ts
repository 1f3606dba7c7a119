// The metrics worker: the one thread that opens the files of past days. It knows no socket, no database and no secret.
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { practise, readAhead } from './read-ahead.ts';
import type { CallContext } from './worker-call.ts';
import { CALLS } from './worker-calls.ts';
import { WorkerLoop, type WorkerPort } from './worker-loop.ts';
import type { WorkerStart } from './worker-message.ts';

// Only the console that started this thread speaks to it.
const { folder } = workerData as WorkerStart;

if (parentPort !== null) {
  const port: WorkerPort = parentPort;
  const onDamage = (text: string) => port.postMessage({ is: 'damage', text });
  const store = new FileDayStore({ folder, onDamage });
  const first = async ({ giveWay, signal }: CallContext) => {
    const told = (error: unknown) =>
      signal.aborted ? undefined : onDamage(`practice: ${describeError(error).message}`);
    await practise(store, giveWay).catch(told);
  };
  // Whoever asks meanwhile waits no longer than for the first opening.
  const begin = () => new WorkerLoop({ port, calls: CALLS, store, folder, clock: systemClock, first });
  readAhead(store)
    .catch((error: unknown) => onDamage(`reading ahead: ${describeError(error).message}`))
    .then(begin);
}
