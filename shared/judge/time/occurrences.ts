// The begins of a repeated time, one after the other, on the clocks of its zone.

import type { Recurrence } from './recurrence.ts';
import { daysOfPeriod, firstOfMonth } from './rule-days.ts';
import { DAY_MS, dayOf, type WallMs, wallAt } from './zone-time.ts';

/** Nine years of a rule's own steps: the 29th of February comes after eight at most (2096 to 2104). */
const HORIZON_MS = 9 * 366 * DAY_MS;
/** Two centuries: no longer step is followed. */
const MAX_HORIZON_MS = 200 * 366 * DAY_MS;

export interface Repeated {
  /** First begin; the rule counts from it. */
  start: WallMs;
  zone: string;
  /** Undefined: once. */
  rule: Recurrence | undefined;
}

/** Begins at `from` or later, in order; ends after the last one, and where none came for so long that none will come. */
export function* occurrences({ start, zone, rule }: Repeated, from: WallMs): Generator<WallMs> {
  if (rule === undefined) {
    if (start >= from) yield start;
    return;
  }
  const last = lastBegin(rule, zone);
  const horizon = Math.min(MAX_HORIZON_MS, HORIZON_MS * rule.interval);
  const startDay = dayOf(start);
  const timeOfDay = start - startDay * DAY_MS;
  let found = Math.max(from, start);
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  // Counted ones are counted from the first; others begin a period before `from`.
  for (let k = rule.count === undefined ? periodAt(rule, startDay, dayOf(from)) : 0; ; k += 1) {
    if (periodStart(rule, startDay, k) * DAY_MS > Math.min(last, found + horizon)) return;
    for (const day of daysOfPeriod(rule, startDay, k)) {
      const begin = day * DAY_MS + timeOfDay;
      if (begin < start) continue;
      if (begin > last || left === 0) return;
      left -= 1;
      if (begin < from) continue;
      found = begin;
      yield begin;
    }
  }
}

function lastBegin({ until }: Recurrence, zone: string): WallMs {
  if (until === undefined) return Number.POSITIVE_INFINITY;
  return until.isUtc ? wallAt(zone, until.wall) : until.wall;
}

/** No later than the first day of the period. */
function periodStart({ frequency, interval }: Recurrence, start: number, k: number): number {
  const steps = k * interval;
  const first = new Date(start * DAY_MS);
  switch (frequency) {
    case 'DAILY':
      return start + steps;
    case 'WEEKLY':
      return start - 6 + 7 * steps;
    case 'MONTHLY':
      return firstOfMonth(first.getUTCFullYear(), first.getUTCMonth() + 1 + steps);
    case 'YEARLY':
      return firstOfMonth(first.getUTCFullYear() + steps, 1);
  }
}

/** A period that ends before `day`, or the first. */
function periodAt({ frequency, interval }: Recurrence, start: number, day: number): number {
  const longest = { DAILY: 1, WEEKLY: 7, MONTHLY: 31, YEARLY: 366 }[frequency];
  return Math.max(0, Math.floor((day - start) / (longest * interval)) - 2);
}
