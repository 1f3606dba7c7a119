// The states of the link as values: what may follow what, and how long to wait before the next attempt.
import { backoffMs } from '#shared/base/backoff.ts';
import { AppError, type ErrorCode } from '#shared/base/errors.ts';
import type { GoAway } from '#shared/protocol/control.ts';

/** Why a connection ended. */
export type LinkEnd =
  /** Never connected. */
  | { why: 'unreachable'; code: ErrorCode; detail: string }
  /** The peer closed, or the network did. */
  | { why: 'closed'; detail: string }
  /** The console refused to greet, or spoke no protocol of ours. */
  | { why: 'refused'; code: ErrorCode; detail: string }
  /** It asked us to leave and come back later. */
  | { why: 'goaway'; reason: GoAway['reason']; delayMs: number }
  /** Nothing was heard, not even an answer to a ping. */
  | { why: 'silent'; detail: string }
  /** Batches were sent, and no acknowledgement came. */
  | { why: 'stalled'; detail: string }
  /** It sent too many frames that are none. */
  | { why: 'faulty'; detail: string }
  /** Our spool began a new epoch: greet again. */
  | { why: 'new-epoch' }
  | { why: 'stopped' };

export type LinkStatus =
  | { phase: 'idle'; attempt: 0 }
  | { phase: 'connecting'; attempt: number }
  | { phase: 'greeting'; attempt: number }
  /** `since`: monotonic time of the WELCOME. */
  | { phase: 'open'; attempt: number; since: number }
  | { phase: 'waiting'; attempt: number; end: LinkEnd; waitMs: number }
  | { phase: 'stopped'; attempt: 0 };

export type LinkEvent =
  | { type: 'dial' }
  | { type: 'connected' }
  | { type: 'welcomed'; at: number }
  | { type: 'ended'; end: LinkEnd; at: number; random: () => number }
  | { type: 'stop' };

// Full jitter from 0.5 s: a thousand relays of a restarted console spread over their first seconds.
const RETRY_BASE_MS = 500;
const RETRY_CAP_MS = 60_000;
/** A link that lived this long was good: the next attempt counts as a first one. A console that welcomes and drops does not. */
const STEADY_MS = 10_000;

export const IDLE: LinkStatus = { phase: 'idle', attempt: 0 };

/** Throws `internal` for a step that the table does not know: a bug of ours, never the peer's doing. */
export function nextStatus(status: LinkStatus, event: LinkEvent): LinkStatus {
  if (event.type === 'stop') return { phase: 'stopped', attempt: 0 };
  const { phase, attempt } = status;
  if (event.type === 'dial' && (phase === 'idle' || phase === 'waiting')) return { phase: 'connecting', attempt };
  if (event.type === 'connected' && phase === 'connecting') return { phase: 'greeting', attempt };
  if (event.type === 'welcomed' && phase === 'greeting') return { phase: 'open', attempt, since: event.at };
  if (event.type === 'ended' && (phase === 'connecting' || phase === 'greeting' || phase === 'open')) {
    const wasSteady = phase === 'open' && event.at - status.since >= STEADY_MS;
    const failures = wasSteady ? 0 : attempt;
    return {
      phase: 'waiting',
      attempt: failures + 1,
      end: event.end,
      waitMs: waitAfter(event.end, failures, event.random),
    };
  }
  throw new AppError('internal', `uplink: ${event.type} while ${phase}`);
}

/** A GOAWAY's delay is kept at least: the console has spread it over its relays. */
function waitAfter(end: LinkEnd, failures: number, random: () => number): number {
  const jitter = backoffMs(failures, { baseMs: RETRY_BASE_MS, capMs: RETRY_CAP_MS, random });
  return end.why === 'goaway' ? end.delayMs + jitter : jitter;
}

/** One line for logs and the status page. */
export function describeEnd(end: LinkEnd): string {
  switch (end.why) {
    case 'unreachable':
    case 'refused':
      return `${end.why}: ${end.detail} (${end.code})`;
    case 'goaway':
      return `asked to leave: ${end.reason}, back in ${end.delayMs} ms`;
    case 'closed':
    case 'silent':
    case 'stalled':
    case 'faulty':
      return `${end.why}: ${end.detail}`;
    case 'new-epoch':
    case 'stopped':
      return end.why;
  }
}
