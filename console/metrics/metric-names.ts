// Every metric by its name, raw or derived: its unit, what it is read from, and how it is written.
import { AppError } from '#shared/base/errors.ts';
import type { MetricRow } from '#shared/contract/metric-contract.ts';
import { DERIVED } from '#shared/model/derive.ts';
import { METRICS } from '#shared/model/metric-catalogue.ts';
import { showOf } from '#shared/model/metric-show.ts';

type Known = Omit<MetricRow, 'show'>;

/** Levels stand in both lists under one name, and mean the same. */
const KNOWN: ReadonlyMap<string, Known> = new Map<string, Known>([
  ...DERIVED.map(({ name, unit, scope }): [string, Known] => [name, { name, unit, scope, kind: 'derived' }]),
  ...METRICS.map(({ name, unit, scope, kind }): [string, Known] => [name, { name, unit, scope, kind }]),
]);

export const metricRows = (): MetricRow[] =>
  [...KNOWN.values()]
    .map((row) => ({ ...row, show: showOf(row.unit) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

export const isMetric = (name: string): boolean => KNOWN.has(name);

/** Throws `bad-request` where no metric is called so. */
export function unitOf(name: string): string {
  const known = KNOWN.get(name);
  if (known === undefined) throw new AppError('bad-request', `no metric is called "${name.slice(0, 80)}"`);
  return known.unit;
}
