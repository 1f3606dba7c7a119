// Makes ready what a set of checks needs, once for all devices that have the set: the series they read, in one pass over a poll.
import type { Check, SimpleCondition } from '#shared/model/check.ts';
import { type KnownFacts, readRule, ruleTest } from '#shared/model/standing-rule.ts';
import { AGE_SERIES } from './age-probe.ts';
import { SeriesReader } from './series-values.ts';

export interface CompiledChecks {
  /** Those that are on. */
  checks: readonly Check[];
  /** Reads what they ask for. */
  reader: SeriesReader;
}

export function compileChecks(checks: readonly Check[]): CompiledChecks {
  const on = checks.filter(({ isOn }) => isOn);
  return { checks: on, reader: new SeriesReader(on.flatMap(seriesOf)) };
}

const partsOf = ({ when }: Check): readonly SimpleCondition[] => (when.kind === 'compound' ? when.of : [when]);

/** The series that a check reads. */
export const seriesOf = (check: Check): string[] =>
  partsOf(check).flatMap((when) => {
    if ('series' in when) return [when.series];
    return when.kind === 'age' ? (AGE_SERIES[when.of] ?? []) : [];
  });

/** Those that apply to a device of which this is known; a rule that cannot be read fits nothing, and says so when it is signed. */
export const fittingChecks = (checks: readonly Check[], facts: KnownFacts): Check[] =>
  checks.filter(({ fits }) => fits === undefined || fitTest(fits)(facts));

/** Few rules, many devices: each is read once. */
const tests = new Map<string, (facts: KnownFacts) => boolean>();
/** More than all layers of a site hold; beyond it all are read anew. */
const MAX_TESTS = 1_000;

function fitTest(fits: string): (facts: KnownFacts) => boolean {
  const known = tests.get(fits);
  if (known !== undefined) return known;
  if (tests.size >= MAX_TESTS) tests.clear();
  const read = readRule(fits);
  const test = read.ok ? ruleTest(read.filter) : () => false;
  tests.set(fits, test);
  return test;
}
