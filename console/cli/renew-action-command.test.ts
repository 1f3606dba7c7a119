// An order is renewed for the devices on which nothing was begun, and a person who looks at it is told when it must be.
import { expect, test } from 'vitest';
import type { ActionOutcome } from '#shared/contract/action-contract.ts';
import { ageText, notReached } from './renew-action-command.ts';

const outcome = (deviceId: string, state: string, reason: string | null = null): ActionOutcome =>
  ({ deviceId, state, reason }) as unknown as ActionOutcome; // what is read

test('devices that were tried, whatever came of it, are not tried again', () => {
  const states = ['succeeded', 'failed', 'unknown', 'started', 'expired', 'refused', 'halted', 'cancelled'];
  expect(notReached(states.map((state) => outcome(state, state)))).toEqual([
    'expired',
    'refused',
    'halted',
    'cancelled',
  ]);
});

test.each([
  ['settled', null, [outcome('a', 'refused', 'manifest-expired')], 'rmm action renew x'],
  ['settled', null, [outcome('a', 'expired')], 'rmm action renew x'],
  ['queued', 'first', [outcome('a', 'queued')], 'waits for the first relay'],
  ['settled', null, [outcome('a', 'succeeded')], ''],
  ['queued', null, [outcome('a', 'queued')], ''],
] as const)('%s, %s: says so', (state, waitsFor, outcomes, text) => {
  const said = ageText({ id: 'x' as never, state, waitsFor: waitsFor as never }, outcomes);
  expect(said === '' ? '' : said).toContain(text);
  expect(said === '').toBe(text === '');
});
