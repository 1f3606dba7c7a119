// Whoever comes back from the identity provider without having been signed in is told so.
import { expect, test } from 'vitest';
import { providerFault } from './provider-fault.ts';
import { en } from './text.en.ts';

test.each([
  ['?sso=denied', en.providerDenied],
  ['?sso=failed', en.providerFailed],
  ['', ''],
  ['?sso=', ''],
  ['?sso=toString', ''],
  ['?sso=<b>x</b>', ''],
])('%s', (search, said) => {
  expect(providerFault(search)).toBe(said);
});
