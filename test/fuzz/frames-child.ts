// The process that decodes hostile bytes: started by frames.ts with garbage collection exposed, it reports over its channel.
import { systemClock } from '#shared/base/clock.ts';
import type { Figures } from '#test/judge.ts';
import { fuzzInput } from './frame-inputs.ts';
import { runFuzz } from './fuzz-run.ts';

export type ChildReport =
  | { kind: 'progress'; done: number }
  | { kind: 'finding'; sentence: string }
  | { kind: 'done'; figures: Figures };

const [count = 0, seed = 0] = process.argv.slice(2).map(Number);
const report = (message: ChildReport) => void process.send?.(message);

function residentBytes(): number {
  // Twice: what the first run finalises the second one frees.
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage.rss();
}

const figures = runFuzz({
  fuzz: fuzzInput,
  count,
  seed,
  clock: systemClock,
  residentBytes,
  onProgress: (done) => report({ kind: 'progress', done }),
  onFinding: (sentence) => report({ kind: 'finding', sentence }),
});
report({ kind: 'done', figures });
process.disconnect();
