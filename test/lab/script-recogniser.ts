// Knows the relay's own scripts by their text and answers them from a machine's model, so that no shell need run.
import type { ExecOutput } from './exec-output.ts';
import type { SimulatedMachine } from './machine.ts';

export type KnownScript = 'identity' | 'hot' | 'inventory';

/** Which of the relay's scripts this is; undefined for a technician's. */
export function kindOfScript(_script: string): KnownScript | undefined {
  return undefined;
}

/** Prints what the script would print on the machine; resolves with its exit code. */
export async function answerKnownScript(
  _kind: KnownScript,
  _script: string,
  _machine: SimulatedMachine,
  _output: ExecOutput,
): Promise<number> {
  return 0;
}
