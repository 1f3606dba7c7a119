// What a draft changes for one device: only those checks are judged anew, twice.
import { fittingChecks } from '#shared/judge/checks/compile-checks.ts';
import type { Check, CheckId, SimpleCondition } from '#shared/model/check.ts';
import type { KnownFacts } from '#shared/model/standing-rule.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';

export interface Draft {
  /** New ones, or others in the place of those with the same id. */
  checks: readonly Check[];
  off: readonly CheckId[];
}

export interface ChangedChecks {
  before: Check[];
  after: Check[];
}

/** `now`: what holds for the device. The draft stands above all of it. */
export function changedChecks(now: readonly Check[], { checks, off }: Draft, facts: KnownFacts): ChangedChecks {
  const drafted = new Map(checks.map((check) => [check.id, check]));
  const gone = new Set(off);
  const isChanged = (check: Check) => {
    const next = gone.has(check.id) ? undefined : (drafted.get(check.id) ?? check);
    return next === undefined || canonicalJson(next, 'finite') !== canonicalJson(check, 'finite');
  };
  const before = now.filter(isChanged);
  const same = new Set(now.filter((check) => !isChanged(check)).map(({ id }) => id));
  const after = checks.filter(({ id }) => !gone.has(id) && !same.has(id));
  const judged = (some: readonly Check[]) => fittingChecks(some, facts).filter(({ isOn }) => isOn);
  return { before: judged(before), after: judged(after) };
}

export const conditionsOf = (checks: readonly Check[]): SimpleCondition[] =>
  checks.flatMap(({ when }) => (when.kind === 'compound' ? when.of : [when]));

/** Facts that speak of a condition. */
export function factKinds(conditions: readonly SimpleCondition[]): string[] {
  const kinds = conditions.flatMap((when): string[] => {
    if (when.kind === 'state') return when.of === 'device' ? [] : [when.of === 'service' ? 'services' : when.of];
    if (when.kind !== 'age') return [];
    return KINDS_OF_AGE[when.of];
  });
  return [...new Set(kinds)];
}

const KINDS_OF_AGE: Readonly<Record<Extract<SimpleCondition, { kind: 'age' }>['of'], string[]>> = {
  'certificate-end': ['certificates'],
  patch: ['updates'],
  'security-patch': ['updates'],
  'reboot-pending': ['reboot'],
  // Told by series.
  backup: [],
  boot: [],
};
