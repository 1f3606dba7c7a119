// The whole inventory of a Windows machine: every question has a name of its own.
import type { Answers } from './ask-cim.ts';
import { HARDWARE } from './hardware-questions.ts';
import { NETWORK } from './network-questions.ts';
import { SCRIPTED } from './script-questions.ts';
import { SECURITY } from './security-questions.ts';
import { SOFTWARE } from './software-questions.ts';

/** Answered by classes, by whichever way they are asked. */
export const COLD = { ...HARDWARE, ...SOFTWARE, ...SECURITY, ...NETWORK } as const;

export { SCRIPTED };

export type ColdAnswers = Answers<typeof COLD> & Answers<typeof SCRIPTED>;
