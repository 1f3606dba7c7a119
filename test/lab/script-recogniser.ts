// Knows the relay's own scripts, text for text, and answers them from a machine's model, so that no shell need run.
import { linuxHotScript } from '#relay/collect/linux/hot-script.ts';
import { identityScript } from '#relay/transport/host-identity-script.ts';
import { hotAnswer, identityAnswer } from './linux-answers.ts';
import type { SimulatedMachine } from './machine.ts';

export type ScriptKind = 'identity' | 'hot' | 'inventory';

interface KnownScript {
  kind: ScriptKind;
  /** Where a script of this kind holds its nonce. */
  nonce: RegExp;
  /** The relay's script: a text is known when it is this one, to the letter. */
  text: (nonce: string) => string;
  answer: (machine: SimulatedMachine, nonce: string) => string | Buffer;
}

const KNOWN: readonly KnownScript[] = [
  { kind: 'identity', nonce: /^echo "([\w-]+) begin 1"$/m, text: identityScript, answer: identityAnswer },
  { kind: 'hot', nonce: /^n=(\w+)$/m, text: linuxHotScript, answer: hotAnswer },
];

/** One of the relay's scripts, ready to be answered. */
export interface RecognisedScript {
  kind: ScriptKind;
  answer: (machine: SimulatedMachine) => string | Buffer;
}

/** Which of the relay's scripts this is; undefined for a technician's. */
export function recognise(script: string): RecognisedScript | undefined {
  for (const known of KNOWN) {
    const nonce = known.nonce.exec(script)?.[1];
    if (nonce === undefined || known.text(nonce) !== script) continue;
    return { kind: known.kind, answer: (machine) => known.answer(machine, nonce) };
  }
  return undefined;
}
