// Runs one input after another and counts what must not be: throws, pauses, and memory that grows from half to half.
import type { Clock } from '#shared/base/clock.ts';
import type { Figures } from '#test/judge.ts';
import type { Fuzz } from './frame-inputs.ts';

export interface FuzzOptions {
  fuzz: Fuzz;
  count: number;
  seed: number;
  clock: Pick<Clock, 'monotonic'>;
  /** Resident bytes after garbage is collected. */
  residentBytes: () => number;
  /** Called before each thousand inputs. */
  onProgress: (done: number) => void;
  /** A finding, with what makes it again. */
  onFinding: (sentence: string) => void;
}

/** An input that takes longer, and does so again when it is repeated, is a hang: other work on the machine pauses us too. */
const HANG_MS = 1_000;
/** Findings are told in full up to here; more of the same help nobody. */
const MAX_TOLD = 20;

export function runFuzz(options: FuzzOptions): Figures {
  const tally = { crashes: 0, hangs: 0, slowestMs: 0 };
  const half = Math.floor(options.count / 2);
  runRange(options, tally, 0, half);
  const first = options.residentBytes();
  runRange(options, tally, half, options.count);
  const second = options.residentBytes();
  return {
    inputs: options.count,
    crashes: tally.crashes,
    hangs: tally.hangs,
    slowestMs: Math.round(tally.slowestMs),
    rssFirstMb: Math.round(first / 2 ** 20),
    rssSecondMb: Math.round(second / 2 ** 20),
    rssGrowth: Math.round((second / first) * 1_000) / 1_000,
  };
}

type Tally = { crashes: number; hangs: number; slowestMs: number };

function runRange(options: FuzzOptions, tally: Tally, from: number, to: number): void {
  for (let n = from; n < to; n += 1) {
    if (n % 1_000 === 0) options.onProgress(n);
    const ms = runOne(options, tally, n);
    if (ms > HANG_MS && Math.min(runOne(options, tally, n), runOne(options, tally, n)) > HANG_MS) {
      tally.hangs += 1;
      tell(options, tally, `input ${n} of seed ${options.seed} takes ${Math.round(ms)} ms`);
    }
    tally.slowestMs = Math.max(tally.slowestMs, ms);
  }
}

/** How long the input took. */
function runOne(options: FuzzOptions, tally: Tally, n: number): number {
  const start = options.clock.monotonic();
  try {
    options.fuzz(options.seed, n);
  } catch (error) {
    tally.crashes += 1;
    tell(options, tally, `input ${n} of seed ${options.seed}: ${error instanceof Error ? error.stack : String(error)}`);
  }
  return options.clock.monotonic() - start;
}

function tell({ onFinding }: FuzzOptions, { crashes, hangs }: Tally, sentence: string): void {
  if (crashes + hangs <= MAX_TOLD) onFinding(sentence);
}
