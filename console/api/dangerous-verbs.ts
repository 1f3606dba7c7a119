// The verbs behind the dangerous operations of the contract: a person proves themself anew before them.
import { OPERATIONS } from './operations.ts';

const DANGEROUS = new Set(
  OPERATIONS.filter(({ meta }) => meta.danger === 'dangerous').map(({ meta }) => meta.permission),
);

export const isDangerousVerb = (verb: string): boolean => DANGEROUS.has(verb);
