// What is asked again and how often: a person who waits must hear of a fault soon.
import { ORPCError } from '@orpc/client';
import { expect, test } from 'vitest';
import { isWorthRetrying, saidText } from './fault.ts';

const problem = (code: string, status: number) => new ORPCError(code, { status, message: 'said by the console' });

test.each([
  ['a console that still reads its devices', problem('UNAVAILABLE', 503), 4],
  ['a gateway whose console is away', problem('SERVICE_UNAVAILABLE', 503), 1],
  ['a fault of the console', problem('INTERNAL', 500), 1],
  ['silence', new TypeError('fetch failed'), 1],
  ['a refusal', problem('NOT_FOUND', 404), 0],
])('%s is asked again as often as it helps', (_what, error, times) => {
  const tries = [0, 1, 2, 3, 4, 5].filter((count) => isWorthRetrying(count, error));
  expect(tries).toHaveLength(times);
});

test('a page of another language says what kind of refusal it is before the console does', () => {
  const refusal = { code: 'NOT_FOUND', message: 'device 7 does not exist' };
  expect(saidText(refusal, 'en')).toBe('Device 7 does not exist.');
  expect(saidText(refusal, 'de')).toMatch(/^Not found\. .+: Device 7 does not exist\.$/);
  expect(saidText({ ...refusal, code: 'OF_A_LATER_RELEASE' }, 'de')).toMatch(/^Refused\. /);
});
