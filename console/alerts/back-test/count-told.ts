// How often people would have been told of what a judge found: by the rules by which findings become alerts and incidents.

import type { Episode } from '#shared/judge/checks/episodes.ts';
import type { AlertType } from '#shared/model/alert-words.ts';
import { type Severity, severityRank } from '#shared/model/alert-words.ts';

export interface ToldRules {
  /** What begins again so soon never ceased for people. */
  dedupMs: number;
  /** So often begun within the span is flapping, of which people hear once. */
  flapOpenings: number;
  flapWithinMs: number;
  /** Trouble of one kind on one device within so long is one incident. */
  correlateMs: number;
}

export const TOLD_RULES: ToldRules = {
  ...{ dedupMs: 300_000, flapOpenings: 4, flapWithinMs: 3_600_000, correlateMs: 300_000 },
};

export interface Told {
  findings: number;
  notifications: number;
  /** Of those, by the check that began them. */
  byCheck: Map<string, { findings: number; notifications: number; worst: Severity }>;
}

/** Of one device. `typeOf`: of a check. */
export function countTold(
  episodes: readonly Episode[],
  typeOf: (check: string) => AlertType | undefined,
  rules: ToldRules = TOLD_RULES,
): Told {
  const told: Told = { findings: episodes.length, notifications: 0, byCheck: new Map() };
  const alerts = new Map<string, Alert>();
  let performanceAt = Number.NEGATIVE_INFINITY;
  for (const episode of [...episodes].sort((a, b) => a.openedAt - b.openedAt)) {
    const { check, instance, openedAt } = episode;
    const key = `${check} ${instance}`;
    const alert = alerts.get(key) ?? { clearedAt: undefined, openings: [] };
    alerts.set(key, alert);
    const isNew = isNewAlert(alert, openedAt, rules);
    const isPart = typeOf(check) === 'performance' && openedAt - performanceAt <= rules.correlateMs;
    if (typeOf(check) === 'performance') performanceAt = openedAt;
    count(told, episode, isNew && !isPart);
    alert.clearedAt = episode.clearedAt ?? Number.POSITIVE_INFINITY;
  }
  return told;
}

interface Alert {
  clearedAt: number | undefined;
  /** The newest ones. */
  openings: number[];
}

function isNewAlert(alert: Alert, at: number, { dedupMs, flapOpenings, flapWithinMs }: ToldRules): boolean {
  const lately = alert.openings.filter((then) => at - then <= flapWithinMs);
  alert.openings = [...lately, at];
  const isFlapping = lately.length >= flapOpenings - 1;
  const isSame = alert.clearedAt !== undefined && at - alert.clearedAt <= dedupMs;
  return !isSame && !isFlapping;
}

function count(told: Told, { check, severity }: Episode, isTold: boolean): void {
  const one = told.byCheck.get(check) ?? { findings: 0, notifications: 0, worst: severity };
  one.findings += 1;
  if (isTold) {
    one.notifications += 1;
    told.notifications += 1;
  }
  if (severityRank(severity) < severityRank(one.worst)) one.worst = severity;
  told.byCheck.set(check, one);
}
