// A machine that is off, as people leave it, is told from one that nobody has asked yet.
import { expect, test } from 'vitest';
import { isAway } from './device-words.ts';

test.each([
  ['unknown', 'unreachable', true],
  ['unknown', null, false],
  ['unknown', '', false],
  ['down', 'unreachable', false],
  ['up', null, false],
])('%s because of %s: away is %s', (status, statusReason, is) => {
  expect(isAway({ status, statusReason })).toBe(is);
});
