// The process that decodes hostile bytes: started by bytes.ts with garbage collection exposed, it reports over its channel.
import { systemClock } from '#shared/base/clock.ts';
import type { Figures } from '#test/judge.ts';
import type { Fuzz } from './frame-inputs.ts';
import { runFuzz } from './fuzz-run.ts';

export type ChildReport =
  | { kind: 'progress'; done: number }
  | { kind: 'finding'; sentence: string }
  | { kind: 'done'; figures: Figures };

/** What is tried; the second counts what its inputs came to, where that says more than that nothing broke. */
const INPUTS = {
  frames: async () => ({ fuzz: (await import('./frame-inputs.ts')).fuzzInput, tally: {} }),
  chunks: async () => {
    const { fuzzChunk, chunkTally } = await import('./chunk-inputs.ts');
    return { fuzz: fuzzChunk, tally: chunkTally };
  },
} satisfies Record<string, () => Promise<{ fuzz: Fuzz; tally: Figures }>>;
export type BytesKind = keyof typeof INPUTS;

const [kind, ...numbers] = process.argv.slice(2);
const [count = 0, seed = 0] = numbers.map(Number);
const { fuzz, tally } = await INPUTS[kind === 'chunks' ? 'chunks' : 'frames']();
const report = (message: ChildReport) => void process.send?.(message);

function residentBytes(): number {
  // Twice: what the first run finalises the second one frees.
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage.rss();
}

const figures = runFuzz({
  fuzz,
  count,
  seed,
  clock: systemClock,
  residentBytes,
  onProgress: (done) => report({ kind: 'progress', done }),
  onFinding: (sentence) => report({ kind: 'finding', sentence }),
});
report({ kind: 'done', figures: { ...figures, ...tally } });
process.disconnect();
