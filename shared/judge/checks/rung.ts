// One limit of a check on one subject: it begins to hold after a stretch without a break on its bad side, and ends after one on its good side.
import type { Severity } from '#shared/model/alert-words.ts';
import { severityRank } from '#shared/model/alert-words.ts';
import type { Limits } from '#shared/model/check.ts';

export interface Rung {
  severity: Severity;
  limit: number;
  holds: boolean;
  /** When it last began, or ceased, to hold; 0 where it never held. */
  from: number;
  /** Since when the other side is seen without a break. */
  turning: number | undefined;
}

export const newRung = (severity: Severity, limit: number): Rung => ({
  ...{ severity, limit, holds: false, from: 0 },
  turning: undefined,
});

/** The worst first. */
export const rungsOf = (limits: Limits): Rung[] =>
  severitiesOf(limits).map(([severity, limit]) => newRung(severity, limit));

export const severitiesOf = (limits: Limits): Array<[Severity, number]> =>
  // A partial record's keys are severities by its schema.
  (Object.entries(limits) as Array<[Severity, number]>).sort(([a], [b]) => severityRank(a) - severityRank(b));

export interface Seen {
  at: number;
  isBad: boolean;
  /** On the good side, by more than the margin. What is neither bad nor good leaves all as it is. */
  isGood: boolean;
  forMs: number;
}

export function stepRung(rung: Rung, { at, isBad, isGood, forMs }: Seen): void {
  const isTurning = rung.holds ? isGood : isBad;
  if (!isTurning) {
    rung.turning = undefined;
    return;
  }
  // A clock that was put back: what began in its future begins now.
  if (rung.turning === undefined || rung.turning > at) rung.turning = at;
  if (at - rung.turning < forMs) return;
  rung.holds = !rung.holds;
  rung.from = rung.turning;
  rung.turning = undefined;
}

/** The worst that holds. */
export const worstOf = (rungs: readonly Rung[]): Rung | undefined => rungs.find(({ holds }) => holds);

/** Nothing holds and nothing is on its way to. */
export const isIdle = (rungs: readonly Rung[]): boolean =>
  rungs.every(({ holds, turning }) => !holds && turning === undefined);
