// The clock of an escalation: when each tier is to be told, counted in hours of work where the policy has some.
import type { EpochMs } from '#shared/base/clock.ts';
import { type Severity, severityRank } from '#shared/model/alert-words.ts';
import type { Escalation } from '#shared/model/on-call.ts';
import { workedUntil } from './work-hours.ts';

/** An incident as the clock sees it. */
export interface Climber {
  /** When it was told first. */
  toldAt: EpochMs;
  /** As it is now: where it got so bad that it climbs at any time, it has climbed so from the begin. */
  severity: Severity;
  /** When somebody took it, or when it was over; nothing climbs from then on. */
  stoppedAt: EpochMs | undefined;
}

export interface EscalationStep {
  /** Place in the policy's list. */
  tier: number;
  /** Undefined: never, for want of hours of work. */
  at: EpochMs | undefined;
}

const climbsAnyTime = ({ hours, anyTimeFrom }: Escalation, severity: Severity): boolean =>
  hours === undefined || severityRank(severity) <= severityRank(anyTimeFrom);

/** When each tier is told unless somebody takes it, in the order of the list. */
export function tierTimes(policy: Escalation, { toldAt, severity }: Omit<Climber, 'stoppedAt'>): EscalationStep[] {
  const { hours } = policy;
  return policy.tiers.map(({ afterMs }, tier) => {
    if (hours === undefined || climbsAnyTime(policy, severity)) return { tier, at: toldAt + afterMs };
    const work = { zone: hours.timeZone, spans: hours.spans, holidays: policy.holidays };
    return { tier, at: workedUntil(work, toldAt, afterMs) };
  });
}

export interface EscalationStanding {
  /** Tiers whose time has come, first come first; who told some of them before tells the others. */
  due: readonly number[];
  /** The next one, unless it stops. */
  next: { tier: number; at: EpochMs } | undefined;
}

/** Where an incident stands. What was due before it stopped stays due, so that a late look tells nothing else than a punctual one. */
export function escalationAt(policy: Escalation, climber: Climber, at: EpochMs): EscalationStanding {
  const stop = climber.stoppedAt ?? Number.POSITIVE_INFINITY;
  const steps = tierTimes(policy, climber)
    .flatMap(({ tier, at: due }) => (due === undefined || due >= stop ? [] : [{ tier, at: due }]))
    .sort((a, b) => a.at - b.at || a.tier - b.tier);
  return {
    due: steps.filter((step) => step.at <= at).map(({ tier }) => tier),
    next: steps.find((step) => step.at > at),
  };
}
