// An escalation as its form holds it: tiers with their times, and the hours in which those count.
import { type HoursDraft, hasEmptySpan, hoursDraft, hoursOf } from '#console/web/src/people/grant-draft.ts';
import type { Severity } from '#shared/model/alert-words.ts';
import type { Escalation, Target } from './notify-data.ts';
import { minutesTyped } from './notify-words.ts';

export interface TierDraft {
  name: string;
  /** Minutes since it was first told. */
  after: string;
  targets: Target[];
}

export interface EscalationDraft extends HoursDraft {
  name: string;
  tiers: TierDraft[];
  /** Dates, one a line. */
  holidays: string;
  anyTimeFrom: Severity;
}

/** Who is first, the lead, the manager, those who answer for the whole. */
const USUAL_MINUTES = ['15', '30', '60', '120'] as const;
const MINUTE_MS = 60_000;

/** The next tier comes as late as it usually does, or twice as late as the last. */
export function nextTier(tiers: readonly TierDraft[], name: string): TierDraft {
  const last = minutesTyped(tiers.at(-1)?.after ?? '') ?? 0;
  const after = USUAL_MINUTES.find((minutes) => Number(minutes) * MINUTE_MS > last) ?? String((2 * last) / MINUTE_MS);
  return { name, after, targets: [] };
}

export const draftOf = (escalation: Escalation | undefined, first: string): EscalationDraft => ({
  name: escalation?.name ?? '',
  tiers: escalation?.tiers.map(({ name, afterMs, targets }) => ({
    name,
    after: String(afterMs / MINUTE_MS),
    targets: targets.map((target) => ({ ...target })),
  })) ?? [nextTier([], first)],
  holidays: escalation?.holidays.join('\n') ?? '',
  anyTimeFrom: escalation?.anyTimeFrom ?? 'critical',
  ...hoursDraft(escalation?.hours),
});

const DATE = /^\d{4}-\d\d-\d\d$/;
const linesOf = (text: string): string[] => text.split(/[\s,;]+/).filter((word) => word !== '');

/** By field: "tiers.0.name". */
export type EscalationFault = 'name' | 'order' | 'tierName' | 'tierTime' | 'tierTargets' | 'hours' | 'holidays';

export function faultsOf(draft: EscalationDraft): Record<string, EscalationFault> {
  const faults: Record<string, EscalationFault> = {};
  if (draft.name.trim() === '') faults['name'] = 'name';
  let last = -1;
  for (const [at, { name, after, targets }] of draft.tiers.entries()) {
    const ms = minutesTyped(after);
    if (name.trim() === '') faults[`tiers.${at}.name`] = 'tierName';
    if (ms === undefined) faults[`tiers.${at}.after`] = 'tierTime';
    else if (ms <= last) faults[`tiers.${at}.after`] = 'order';
    if (targets.length === 0) faults[`tiers.${at}.targets`] = 'tierTargets';
    last = Math.max(last, ms ?? last);
  }
  if (hasEmptySpan(draft)) faults['hours'] = 'hours';
  if (linesOf(draft.holidays).some((date) => !DATE.test(date))) faults['holidays'] = 'holidays';
  return faults;
}

export function wishOf(draft: EscalationDraft) {
  const hours = hoursOf(draft);
  return {
    name: draft.name.trim(),
    tiers: draft.tiers.map(({ name, after, targets }) => ({
      ...{ name: name.trim(), targets },
      afterMs: minutesTyped(after) ?? 0,
    })),
    ...(hours !== null && { hours }),
    holidays: linesOf(draft.holidays),
    anyTimeFrom: draft.anyTimeFrom,
  };
}
