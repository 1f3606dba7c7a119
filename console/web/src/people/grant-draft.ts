// A right while it is typed, and what the API takes of it.

import { type ChosenOver, EVERYTHING, overOf } from '#console/web/src/rights/over-words.ts';
import { timeZone } from '#console/web/src/text/time.ts';
import { AppError } from '#shared/base/errors.ts';
import type { Day } from './grant-words.ts';
import type { Grant, Role } from './people-data.ts';

export interface SpanDraft {
  days: Day[];
  from: string;
  until: string;
}

/** Hours of the week while they are typed. */
export interface HoursDraft {
  hasHours: boolean;
  zone: string;
  spans: SpanDraft[];
}

export interface GrantDraft extends HoursDraft {
  effect: Grant['effect'];
  by: 'role' | 'verbs';
  role: Role['name'];
  verbs: string[];
  over: ChosenOver;
  /** As the browser's field has it, "2026-01-05T08:00", in the clock of whoever types. */
  from: string;
  until: string;
}

/** A working week, to begin with. */
export const newSpan = (): SpanDraft => ({ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', until: '18:00' });

/** The least that one gives away by a slip. */
export const newGrant = (): GrantDraft => ({
  effect: 'allow',
  by: 'role',
  role: 'viewer',
  verbs: [],
  over: EVERYTHING,
  from: '',
  until: '',
  hasHours: false,
  zone: timeZone,
  spans: [newSpan()],
});

/** Of what has no hours yet, or some. */
export const hoursDraft = (hours: { timeZone: string; spans: SpanDraft[] } | null | undefined): HoursDraft => ({
  hasHours: hours !== null && hours !== undefined,
  zone: hours?.timeZone ?? timeZone,
  spans: hours?.spans ?? [newSpan()],
});

/** Spans without a day, a beginning or an end. */
export const hasEmptySpan = ({ hasHours, spans }: HoursDraft): boolean =>
  hasHours && spans.some((span) => span.days.length === 0 || span.from === '' || span.until === '');

export const hoursOf = ({ hasHours, zone, spans }: HoursDraft) => (hasHours ? { timeZone: zone, spans } : null);

export type GrantFault = 'verbs' | 'over' | 'until' | 'hours';

const timeOf = (text: string): number | null => (text === '' ? null : new Date(text).getTime());

/** What can be seen without asking the console. */
export function grantFaults(draft: GrantDraft): GrantFault[] {
  const { by, verbs, over, from, until } = draft;
  const faults: GrantFault[] = [];
  if (by === 'verbs' && verbs.length === 0) faults.push('verbs');
  if (overOf(over) === undefined) faults.push('over');
  const [begin, end] = [timeOf(from), timeOf(until)];
  if (begin !== null && end !== null && end <= begin) faults.push('until');
  if (hasEmptySpan(draft)) faults.push('hours');
  return faults;
}

export function grantAsk(draft: GrantDraft) {
  const over = overOf(draft.over);
  // Never anything wider in the place of a thing that is not chosen.
  if (over === undefined) throw new AppError('bad-request', 'nothing is chosen');
  return {
    effect: draft.effect,
    role: draft.by === 'role' ? draft.role : null,
    verbs: draft.by === 'role' ? [] : draft.verbs,
    over,
    from: timeOf(draft.from),
    until: timeOf(draft.until),
    hours: hoursOf(draft),
  };
}
