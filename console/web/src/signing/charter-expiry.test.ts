// The end of a charter is told in the steps in which relays warn of it.
import { expect, test } from 'vitest';
import { expiryOf } from './charter-expiry.ts';

test.each([
  [31, undefined],
  [30, 'soon'],
  [15, 'soon'],
  [14, 'near'],
  [4, 'near'],
  [3, 'last'],
  [0.01, 'last'],
  [0, 'over'],
  [-5, 'over'],
])('%s days left: %s', (days, expected) => expect(expiryOf(days * 86_400_000, 0)).toBe(expected));
