// What every bench is: a function that measures, and a run for the result line.
import type { Run } from '#test/result-line.ts';

export interface BenchOptions {
  /** At most 20 s, on a few devices. */
  isQuick: boolean;
  /** Progress, for stderr. */
  say: (line: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<Omit<Run, 'isQuick'>>;
