// Recovery codes: ten words for the day the telephone is gone, each good once, kept as hashes.
import { randomInt } from 'node:crypto';
import { hashSecret } from '#shared/crypto/token.ts';

/** Ten fit on a slip of paper. */
export const RECOVERY_CODES = 10;
/** Without letters that are read as one another. 31^16 is 79 bits: no slow hash is needed. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const LETTERS = 16;

/** "abcd-efgh-jkmn-pqrs" */
export function newRecoveryCode(): string {
  const letters = Array.from({ length: LETTERS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return letters.replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** As people type codes: blanks, dashes and capitals do not matter. */
export const plainCode = (text: string): string => text.replaceAll(/[\s-]/g, '').toLowerCase();

/** The person is part of it, so that equal codes of two people are two hashes. */
export const recoveryHash = (person: string, code: string): string =>
  hashSecret(`recovery\n${person}\n${plainCode(code)}`);
