// The checks in a fact as a page shows them: bad ones first, then what nobody could say, then the rest. Text of a relay, read with care.
import type { Fact } from '#console/web/src/device/device-data.ts';
import { isMembers, rowsIn, textAt } from '#console/web/src/device/facts.ts';

export const VERDICTS = ['no', 'unknown', 'yes'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Check {
  id: string;
  verdict: Verdict;
  evidence: string;
}

/** Undefined where the fact has no list of checks. A verdict that is none of ours is unknown, not good. */
export function checksOf(fact: Fact): Check[] | undefined {
  if (!isMembers(fact.body) || !Array.isArray(fact.body['checks'])) return undefined;
  const checks = rowsIn(fact, 'checks').map((row) => ({
    id: textAt(row, 'id'),
    verdict: VERDICTS.find((one) => one === row['verdict']) ?? 'unknown',
    evidence: textAt(row, 'evidence'),
  }));
  return checks.sort((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict));
}

export interface Score {
  /** 0 to 100: the share of good ones among the known; undefined when nothing is known. */
  score: number | undefined;
  good: number;
  known: number;
  unknown: number;
}

/** Reckoned from what is shown, so that number and list never differ. */
export function scoreOf(checks: readonly Check[]): Score {
  const count = (verdict: Verdict) => checks.filter((check) => check.verdict === verdict).length;
  const [good, unknown] = [count('yes'), count('unknown')];
  const known = checks.length - unknown;
  return { score: known === 0 ? undefined : Math.round((good / known) * 100), good, known, unknown };
}
