// What a password may be, and that it is compared as it was typed.
import { expect, test } from 'vitest';
import { profileContract } from '#shared/contract/profile-contract.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { isCommonPassword } from './common-passwords.ts';
import { PasswordHasher } from './password-hash.ts';

const input = profileContract.putPassword['~orpc'].inputSchema;
const isTaken = (password: string): boolean => input?.safeParse({ password }).success ?? false;

test('it has twelve characters at least, and may have two hundred and fifty', () => {
  expect(isTaken('a'.repeat(11))).toBe(false);
  expect(isTaken('a'.repeat(12))).toBe(true);
  expect(isTaken('a'.repeat(250))).toBe(true);
});

test.each([
  'twelve lower',
  '            ',
  '123456789012',
  'ÄÖÜäöüßÄÖÜäö',
  '鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵',
  '<script>"\'\\%00',
])('no kind of character is asked for, and none is refused: %j', (password) => expect(isTaken(password)).toBe(true));

test.each(['passwordpassword', 'PasswordPassword', 'aaaaaaaaaaaa', 'abcabcabcabc'])('%s is too common', (password) => {
  expect(isCommonPassword(password)).toBe(true);
});

test('what is longer than what lists hold is not', () => {
  expect(isCommonPassword('four quiet otters read')).toBe(false);
});

test('it is compared whole: spaces, capitals and the last of 200 characters count', async () => {
  const hasher = new PasswordHasher({ clock: new FakeClock(0) });
  const password = ` Aä${'x'.repeat(196)}z`;
  const stored = await hasher.hash(password);
  const tries = [password, password.trim(), password.toLowerCase(), `${password.slice(0, -1)}y`];
  const right: boolean[] = [];
  for (const typed of tries) right.push(await hasher.isRight(stored, typed));
  expect(right).toEqual([true, false, false, false]);
});

test('two keyboards that write one letter in two ways type the same password', async () => {
  const hasher = new PasswordHasher({ clock: new FakeClock(0) });
  expect(await hasher.isRight(await hasher.hash('Schlüssel am Bund'), 'Schlu\u0308ssel am Bund')).toBe(true);
});
