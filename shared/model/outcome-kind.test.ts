// Each state of a device is counted once, and only what is known not to have worked may be ordered again.
import { expect, test } from 'vitest';
import { failedDevices, kindCounts, OUTCOME_KINDS, outcomeKind } from './outcome-kind.ts';
import { CommandState } from './record.ts';

const of = (state: CommandState, startedAt: number | null = null, reason: string | null = null) => ({
  ...{ state, startedAt, reason },
  deviceId: `${state} ${startedAt} ${reason}`,
});

test.each([
  [of('queued'), 'open'],
  [of('started', 1), 'open'],
  [of('succeeded', 1), 'ok'],
  [of('failed', 1), 'failed'],
  [of('failed', 1, 'timed-out'), 'failed'],
  [of('failed', null, 'unreachable'), 'unreachable'],
  [of('failed', null, 'denied'), 'unreachable'],
  [of('failed', null, 'unsupported'), 'skipped'],
  [of('refused', null, 'identity-changed'), 'skipped'],
  [of('expired'), 'skipped'],
  [of('halted'), 'skipped'],
  [of('cancelled'), 'skipped'],
  [of('cancelled', 1), 'failed'],
  [of('unknown', 1), 'unknown'],
] as const)('%j is %s', (outcome, kind) => expect(outcomeKind(outcome)).toBe(kind));

test('every state counts once', () => {
  const counts = kindCounts(CommandState.options.map((state) => of(state)));
  expect(new Set(Object.keys(counts))).toEqual(new Set(OUTCOME_KINDS));
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(CommandState.options.length);
});

test('what may have run is not among what is ordered again', () => {
  const outcomes = [of('succeeded', 1), of('unknown', 1), of('started', 1), of('failed', 1), of('halted')];
  expect(failedDevices(outcomes)).toEqual(['failed 1 null', 'halted null null']);
});
