// Proves that people read what was tried and why, that a hostile device cannot draw there, and when an order is at rest.
import { expect, test } from 'vitest';
import { ActionOutcome } from '#shared/contract/action-contract.ts';
import { attemptsText, isAtRest, restText } from './attempt-text.ts';

const outcome = (change: Partial<ActionOutcome> = {}): ActionOutcome =>
  ActionOutcome.parse({
    ...{ deviceId: '01890000-0000-7000-8000-000000000001', deviceName: 'srv', state: 'waiting', at: 1 },
    ...{ startedAt: null, finishedAt: null, exitCode: null, signal: null, reason: 'unreachable', detail: 'off' },
    ...{ isTruncated: false, stdout: null, stderr: null, attempts: [] },
    ...change,
  });

const tried = (kind: 'transient' | 'device', nextAt: number | null = 300_000) => ({
  ...{ n: 2, at: 1_000, class: kind, reason: 'unreachable', detail: 'no \u001b[2Janswer', nextAt },
});

test('each try says what it calls for and when the next one is', () => {
  const text = attemptsText([outcome({ attempts: [tried('device')] })], 61_000);
  expect(text).toContain('waits until it is back');
  expect(text).toContain('1970-01-01T00:05:00.000Z');
  expect(text).not.toContain('\u001b');
  expect(attemptsText([outcome()], 1)).toBe('');
});

test('an order is at rest when its devices are done or away, and not while a try comes soon', () => {
  expect(isAtRest(outcome({ state: 'succeeded' }))).toBe(true);
  expect(isAtRest(outcome({ attempts: [tried('device')] }))).toBe(true);
  expect(isAtRest(outcome({ attempts: [tried('transient')] }))).toBe(false);
  expect(isAtRest(outcome({ state: 'started' }))).toBe(false);
});

test('who followed an order hears until when it waits, and how to stop it', () => {
  expect(restText([outcome(), outcome({ state: 'succeeded' })], ['a', 'b'], 0)).toContain('1 of 2 devices are away');
  expect(restText([outcome()], ['a', 'b'], 0)).toContain('rmm action cancel a; rmm action cancel b');
  expect(restText([outcome({ state: 'failed' })], ['a'], 0)).toBe('');
});
