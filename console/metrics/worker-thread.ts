// Starts the metrics worker's thread: the bundle beside the program in a release, the source under tsx otherwise.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WorkerStart } from './worker-message.ts';

/** Young objects of a sealed hour are many and short-lived: a larger nursery spares their copying. */
const LIMITS = { maxYoungGenerationSizeMb: 64, maxOldGenerationSizeMb: 1_024 };

/** A thread has no loader of its own: it registers the one the sources need, and goes on with them. */
function sourceProgram(file: string): URL {
  const folder = path.dirname(createRequire(import.meta.url).resolve('tsx/package.json'));
  const loader = pathToFileURL(path.join(folder, 'dist/esm/api/index.mjs')).href;
  const text = `import { register } from ${JSON.stringify(loader)}; register(); await import(${JSON.stringify(pathToFileURL(file).href)});`;
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`);
}

function programFile(): string | URL {
  const beside = path.join(path.dirname(process.argv[1] ?? ''), 'metrics-worker.cjs');
  if (existsSync(beside)) return beside;
  return sourceProgram(path.join(path.dirname(fileURLToPath(import.meta.url)), 'worker-main.ts'));
}

export function startWorkerThread(start: WorkerStart): Worker {
  return new Worker(programFile(), {
    workerData: start,
    // Flags of the process hold in its threads; what a test runner or tsx added is of no use here.
    execArgv: [],
    resourceLimits: LIMITS,
    name: 'metrics',
  });
}
