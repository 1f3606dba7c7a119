// What the poller knows of one device between its turns.
import type { RosterEntry } from '#shared/model/device.ts';
import { ColumnKeeper } from './column-keeper.ts';
import { HEALTHY, type Health, nextOnGrid, type Plan, planNext, SECOND_POLL_MS } from './schedule.ts';

export interface DeviceState {
  entry: RosterEntry;
  /** Where in its interval the device is polled. */
  offsetMs: number;
  plan: Plan;
  health: Health;
  /** Successful polls since the device is known this way. */
  polls: number;
  isRunning: boolean;
  /** Somebody asked for a poll while one ran. */
  isWanted: boolean;
  /** Took long last time; failing devices count as slow too. */
  isSlow: boolean;
  /** Somebody looks at it: a shorter interval for a while. */
  boost: { intervalMs: number; untilMs: number } | undefined;
  readonly columns: ColumnKeeper;
  readonly inventory: { dueMs: number; isRunning: boolean };
  readonly events: { dueMs: number; isRunning: boolean };
  /** Aborts what runs when the device leaves the roster, is reached another way, or the poller stops. */
  readonly gone: AbortController;
}

export const newDeviceState = (entry: RosterEntry, offsetMs: number, firstMs: number): DeviceState => ({
  entry,
  offsetMs,
  plan: { dueMs: firstMs, attempt: 'poll' },
  health: HEALTHY,
  polls: 0,
  isRunning: false,
  isWanted: false,
  isSlow: false,
  boost: undefined,
  columns: new ColumnKeeper(entry.device),
  inventory: { dueMs: firstMs, isRunning: false },
  events: { dueMs: firstMs, isRunning: false },
  gone: new AbortController(),
});

export const isFailing = (state: DeviceState): boolean => state.health.failures > 0;

/** The interval of now; a device that fails is not asked more often because somebody looks. */
export function currentInterval(state: DeviceState, nowMs: number): number {
  const { boost, entry } = state;
  if (boost === undefined || boost.untilMs <= nowMs || isFailing(state)) return entry.intervalMs;
  return Math.min(boost.intervalMs, entry.intervalMs);
}

/** The next turn after one that began at `startedMs` and has ended now. */
export function planAfterTurn(state: DeviceState, startedMs: number, nowMs: number): Plan {
  if (isFailing(state)) return planNext(state.health, state.offsetMs, state.entry.intervalMs, nowMs);
  if (state.polls === 1) return { dueMs: startedMs + SECOND_POLL_MS, attempt: 'poll' };
  const intervalMs = currentInterval(state, nowMs);
  // A grid point right after a late poll is passed over: two polls in a breath tell less than one.
  return {
    dueMs: nextOnGrid(state.offsetMs, intervalMs, Math.max(nowMs, startedMs + intervalMs / 4)),
    attempt: 'poll',
  };
}

/** Grid points that passed while the device's former turn still ran. */
export function skippedTurns(state: DeviceState, startedMs: number, nowMs: number): number {
  const intervalMs = currentInterval(state, nowMs);
  const next = (ms: number) => nextOnGrid(state.offsetMs, intervalMs, ms);
  return Math.round((next(nowMs) - next(startedMs)) / intervalMs);
}
