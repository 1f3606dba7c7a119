// Every question a relay has for a Windows machine, so that a simulated one can be built that answers them all.
import type { Questions } from './ask-cim.ts';
import { HARDWARE } from './hardware-questions.ts';
import { NETWORK } from './network-questions.ts';
import { PERFORMANCE, STOPPED_SERVICES } from './performance-questions.ts';
import { SECURITY } from './security-questions.ts';
import { SOFTWARE } from './software-questions.ts';

/** Asked every interval, and every five minutes. */
export const HOT_QUESTIONS: Questions = { ...PERFORMANCE, ...STOPPED_SERVICES };

/** By subject; a name stands for one question within its subject. */
export const COLD_QUESTIONS: Readonly<Record<string, Questions>> = {
  hardware: HARDWARE,
  software: SOFTWARE,
  security: SECURITY,
  network: NETWORK,
};
