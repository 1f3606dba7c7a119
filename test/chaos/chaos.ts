// What every chaos command is: a function that breaks things, and a run for the result line.
import type { Run } from '#test/result-line.ts';

export interface ChaosOptions {
  /** At most 20 s, with few relays. */
  isQuick: boolean;
  /** Printed, so that a run can be repeated. */
  seed: number;
  /** Of the faults, where a command has such a span. */
  seconds?: number;
  /** Progress, for stderr. */
  say: (line: string) => void;
}

export type Chaos = (options: ChaosOptions) => Promise<Omit<Run, 'isQuick'>>;
