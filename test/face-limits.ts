// Limits of the commands that attack the console's HTTP face and what it shows; a part of test/limits.ts.
import type { Limits } from './limits.ts';

export const FACE_LIMITS: Readonly<Record<string, Limits>> = {
  'security routes': {
    operations: { min: 100, why: 'every route of the contract', quick: { min: 5 } },
    requests: { min: 14_000, why: 'each in sixty other ways, by nobody and by an owner', quick: { min: 600 } },
    control: { min: 1, why: 'what an owner reads is told as a breach where nobody had the right to it' },
    files: { min: 20, why: 'ways to files beside the folder of the web' },
    breaches: { max: 0, why: 'no way opens a route to who may not use it, or leads to a file outside' },
    broken: { max: 0, why: 'no way ends in a fault of ours or in silence' },
    plainRefused: { min: 90, why: 'by its own path nobody comes in either', quick: { min: 4 } },
    plainAnswered: { min: 100, why: 'and an owner does: routes that refuse all prove nothing', quick: { min: 5 } },
  },
};
