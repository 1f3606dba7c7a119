// Proves that what is tried first everywhere is no password here, and that length alone counts otherwise.
import { expect, test } from 'vitest';
import { isCommonPassword } from './common-passwords.ts';

test.each(['Password1234', '123456789012', 'aaaaaaaaaaaa', 'abcabcabcabc', 'qwertyuiop123', 'ADMINISTRATOR'])(
  '%s is refused',
  (password) => expect(isCommonPassword(password)).toBe(true),
);

test.each(['a quiet river', 'correct horse battery', 'zwölf graue Katzen', '314159265358'])('%s is taken', (password) =>
  expect(isCommonPassword(password)).toBe(false),
);
