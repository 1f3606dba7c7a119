// When a device that did not begin an order is tried again, by what kept it from beginning. Pure.
import { backoffMs } from '#shared/base/backoff.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import type { ManifestId } from '#shared/base/id.ts';
import type { Failure, FailureReason } from '#shared/base/outcome.ts';
import { type Attempt, classOf, type FailureClass } from '#shared/model/failure-class.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import type { RelayEventRecord } from '#shared/model/record.ts';
import { cutDetail } from './outcome.ts';

/** 2 s: a service that begins anew; 60 s: no more than five such tries come before the wait for the device. */
const TRANSIENT = { baseMs: 2_000, capMs: 60_000 };
/**
 * A device that comes back is heard of by its poll; this is for those whose poll says nothing of it. From 5 min to an hour: some
 * thirty tries, each a record, in the day an order may wait.
 */
const AWAY_MIN_MS = 300_000;
const AWAY_MAX_MS = 3_600_000;

export interface NextTry {
  attempt: Attempt;
  /** Undefined: it is not tried again. */
  waitMs: number | undefined;
}

/** `n`: which try this was, from 1. */
export function nextTry(reason: FailureReason, n: number, { random, now, exp }: TryTimes): NextTry {
  const kind = classOf(reason, n);
  if (reason === 'cancelled' || kind === 'configuration' || kind === 'fatal')
    return { attempt: { n, class: kind }, waitMs: undefined };
  const waitMs = Math.min(kind === 'transient' ? transientMs(n, random) : awayMs(n, random), Math.max(0, exp - now));
  return { attempt: { n, class: kind, nextAt: now + waitMs }, waitMs };
}

interface TryTimes {
  random: () => number;
  now: number;
  /** The end of the order: then it is looked at once more, and ends. */
  exp: number;
}

const transientMs = (n: number, random: () => number): number => backoffMs(n - 1, { ...TRANSIENT, random });

/** Doubled with each try, and up to a quarter more, so that devices of one order do not come all at once. */
function awayMs(n: number, random: () => number): number {
  const base = Math.min(AWAY_MAX_MS, AWAY_MIN_MS * 2 ** Math.min(n - 1, 10));
  return Math.floor(base * (1 + random() / 4));
}

/**
 * A session is for a person who stands there, and what a relay gives itself (its id is a UUID of version 8) is for what is so now:
 * neither waits.
 */
export const mayWait = ({ id, action }: Pick<Manifest, 'id' | 'action'>): boolean =>
  action.name !== 'session.open' && id.charAt(14) !== '8';

/** Codes of what a person mends, and of what somebody should look at now. */
const TOLD_AS: Partial<Readonly<Record<FailureReason, ErrorCode>>> = {
  denied: 'denied',
  'host-key-unknown': 'identity-changed',
  'credential-missing': 'credential-missing',
  'credential-not-allowed': 'credential-missing',
  'host-key-changed': 'identity-changed',
  'identity-changed': 'identity-changed',
};

/** What people are told beside the outcome; undefined for what is no matter of this estate, such as an action a system does not know. */
export function troubleOf(
  { order, at, kind }: { order: ManifestId; at: number; kind: FailureClass },
  { reason, detail }: Failure,
): RelayEventRecord | undefined {
  const code = TOLD_AS[reason];
  if (code === undefined) return undefined;
  const severity = kind === 'fatal' ? 'critical' : 'warning';
  const text = cutDetail(`order ${order} was not begun, ${kind} (${reason}): ${detail}`);
  return { type: 'relay-event', at, code, severity, detail: text };
}
