// Proves codes of authenticator apps by the vectors of RFC 6238, and that each step is good once and for a short while.
import { expect, test } from 'vitest';
import { base32, totpCode, totpFits, totpStep, totpUri } from './totp.ts';

const SECRET = Buffer.from('12345678901234567890');

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at second %i of 1970 the code is %s', (second, code) => {
  expect(totpCode(SECRET, totpStep(second * 1_000))).toBe(code);
});

test('a code is good one step early and one step late, and no further', () => {
  const now = 1_700_000_000_000;
  const fits = (shift: number) => totpFits(SECRET, totpCode(SECRET, totpStep(now) + shift), { now, lastStep: 0 });
  expect([-2, -1, 0, 1, 2].map((shift) => fits(shift) !== undefined)).toEqual([false, true, true, true, false]);
});

test('a step that was used, and all before it, are used up', () => {
  const now = 1_700_000_000_000;
  const step = totpStep(now);
  expect(totpFits(SECRET, totpCode(SECRET, step), { now, lastStep: step })).toBeUndefined();
  expect(totpFits(SECRET, totpCode(SECRET, step - 1), { now, lastStep: step })).toBeUndefined();
  expect(totpFits(SECRET, totpCode(SECRET, step + 1), { now, lastStep: step })).toBe(step + 1);
});

test.each(['', '28708', '2870822', '２８７０８２', '------', '28708\u0132'])('%j is no code', (code) => {
  expect(totpFits(SECRET, code, { now: 59_000, lastStep: 0 })).toBeUndefined();
});

test('an app reads the secret from the address, whatever the person is called', () => {
  expect(base32(SECRET)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  const uri = new URL(totpUri(SECRET, 'Ada & Co?', 'RMM'));
  expect(decodeURIComponent(uri.pathname)).toContain('RMM:Ada & Co?');
  expect(uri.searchParams.get('secret')).toBe(base32(SECRET));
});
