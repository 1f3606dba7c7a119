// What came of an order on a device, as people count it: six kinds in place of eleven states and their reasons. Pure.
import type { CommandState } from './record.ts';

/**
 * `open`: not over yet. `unreachable`: nothing was run, because no session came about. `skipped`: nothing was run, because
 * somebody or a rule said no. `unknown`: it may have run, and nobody knows how it ended.
 */
export const OUTCOME_KINDS = ['open', 'ok', 'failed', 'unreachable', 'skipped', 'unknown'] as const;
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

export interface KnownOutcome {
  state: CommandState;
  startedAt: number | null;
  reason: string | null;
}

/** Said before anything ran, and nothing of the way there. */
const DECLINED: ReadonlySet<string> = new Set(['unsupported', 'identity-changed']);

export function outcomeKind({ state, startedAt, reason }: KnownOutcome): OutcomeKind {
  switch (state) {
    case 'queued':
    case 'sent':
    case 'accepted':
    case 'waiting':
    case 'started':
      return 'open';
    case 'succeeded':
      return 'ok';
    case 'failed':
      if (startedAt !== null) return 'failed';
      return reason !== null && DECLINED.has(reason) ? 'skipped' : 'unreachable';
    case 'expired':
    case 'refused':
    case 'halted':
      return 'skipped';
    case 'cancelled':
      return startedAt === null ? 'skipped' : 'failed';
    case 'unknown':
      return 'unknown';
  }
}

export function kindCounts(outcomes: readonly KnownOutcome[]): Record<OutcomeKind, number> {
  const counts = { open: 0, ok: 0, failed: 0, unreachable: 0, skipped: 0, unknown: 0 };
  for (const outcome of outcomes) counts[outcomeKind(outcome)] += 1;
  return counts;
}

/** Where the same order may be given again: it did not do its work, and is known not to be at it any more. */
const AGAIN: ReadonlySet<OutcomeKind> = new Set(['failed', 'unreachable', 'skipped']);
export const failedDevices = <Id extends string>(outcomes: ReadonlyArray<KnownOutcome & { deviceId: Id }>): Id[] =>
  outcomes.filter((one) => AGAIN.has(outcomeKind(one))).map(({ deviceId }) => deviceId);
