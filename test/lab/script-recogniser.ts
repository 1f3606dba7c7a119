// Knows the relay's own scripts, text for text, and answers them from a machine's model, so that no shell need run.
import { linuxColdScript } from '#relay/collect/linux/cold-script.ts';
import { linuxHotScript } from '#relay/collect/linux/hot-script.ts';
import { identityScript } from '#relay/transport/host-identity-script.ts';
import { killScript } from '#relay/transport/ssh/kill-script.ts';
import { hotAnswer, identityAnswer } from './linux-answers.ts';
import { inventoryAnswer } from './linux-inventory.ts';
import type { SimulatedMachine } from './machine.ts';

export type ScriptKind = 'identity' | 'hot' | 'inventory' | 'kill';

interface KnownScript {
  kind: ScriptKind;
  /** Where a script of this kind holds what differs from one to the next: a nonce, a process group. */
  variable: RegExp;
  /** The relay's script: a text is known when it is this one, to the letter. */
  text: (variable: string) => string;
  answer: (machine: SimulatedMachine, variable: string) => string | Buffer;
}

const KNOWN: readonly KnownScript[] = [
  { kind: 'identity', variable: /^echo "([\w-]+) begin 1"$/m, text: identityScript, answer: identityAnswer },
  { kind: 'hot', variable: /^n=(\w+)$/m, text: linuxHotScript, answer: hotAnswer },
  { kind: 'inventory', variable: /^n=(\w+)$/m, text: linuxColdScript, answer: inventoryAnswer },
  {
    kind: 'kill',
    variable: /^kill -TERM -(\d+) /m,
    text: (group) => killScript(Number(group)),
    answer: killAnswer,
  },
];

function killAnswer(machine: SimulatedMachine, group: string): string {
  machine.groups.kill(Number(group), 'TERM');
  return '';
}

/** One of the relay's scripts, ready to be answered. */
export interface RecognisedScript {
  kind: ScriptKind;
  answer: (machine: SimulatedMachine) => string | Buffer;
}

/** Which of the relay's scripts this is; undefined for a technician's. */
export function recognise(script: string): RecognisedScript | undefined {
  for (const known of KNOWN) {
    const variable = known.variable.exec(script)?.[1];
    if (variable === undefined || known.text(variable) !== script) continue;
    return { kind: known.kind, answer: (machine) => known.answer(machine, variable) };
  }
  return undefined;
}
