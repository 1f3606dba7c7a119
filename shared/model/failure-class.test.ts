// Proves what each reason calls for, and that a device which stays silent is waited for.
import { expect, test } from 'vitest';
import { FAILURE_REASONS } from '#shared/base/outcome.ts';
import { classOf, FailureClass, TRANSIENT_TRIES } from './failure-class.ts';

test.each([
  ['unreachable', 'device'],
  ['refused', 'transient'],
  ['timed-out', 'transient'],
  ['lost', 'transient'],
  ['denied', 'configuration'],
  ['credential-missing', 'configuration'],
  ['host-key-changed', 'fatal'],
  ['identity-changed', 'fatal'],
  ['unsupported', 'fatal'],
] as const)('%s is %s at the first try', (reason, expected) => {
  expect(classOf(reason, 1)).toBe(expected);
});

test('what stays transient is a device that is away', () => {
  expect(classOf('timed-out', TRANSIENT_TRIES - 1)).toBe('transient');
  expect(classOf('timed-out', TRANSIENT_TRIES)).toBe('device');
});

test('every reason has its class, and what is no matter of time stays what it is', () => {
  for (const reason of FAILURE_REASONS) expect(FailureClass.safeParse(classOf(reason, 1)).success).toBe(true);
  expect(classOf('denied', 99)).toBe('configuration');
  expect(classOf('identity-changed', 99)).toBe('fatal');
});
