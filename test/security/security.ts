// What every security command is: an attack with figures, and a run for the result line.
import type { Run } from '#test/result-line.ts';

export interface AttackOptions {
  /** At most 20 s. */
  isQuick: boolean;
  /** Progress, for stderr. */
  say: (line: string) => void;
}

export type Attack = (options: AttackOptions) => Promise<Omit<Run, 'isQuick'>>;
