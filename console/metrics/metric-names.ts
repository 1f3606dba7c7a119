// Every metric by its name, raw or derived: its unit, what it is read from, and how it is written.
import { AppError } from '#shared/base/errors.ts';
import type { MetricRow } from '#shared/contract/metric-contract.ts';
import { DERIVED } from '#shared/model/derive.ts';
import { METRICS } from '#shared/model/metric-catalogue.ts';
import { showOf } from '#shared/model/metric-show.ts';
import type { ScriptNames } from './script-names.ts';

type Known = Omit<MetricRow, 'show'>;

/** Levels stand in both lists under one name, and mean the same. */
const KNOWN: ReadonlyMap<string, Known> = new Map<string, Known>([
  ...DERIVED.map(({ name, unit, scope }): [string, Known] => [name, { name, unit, scope, kind: 'derived' }]),
  ...METRICS.map(({ name, unit, scope, kind }): [string, Known] => [name, { name, unit, scope, kind }]),
]);

/** `scripts`: what scripts have named besides. */
export const metricRows = (scripts: Pick<ScriptNames, 'all'>): MetricRow[] =>
  [...KNOWN.values(), ...scripts.all().map((one) => ({ ...one, scope: 'device' as const, kind: 'script' as const }))]
    .map((row) => ({ ...row, show: showOf(row.unit) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

export const isMetric = (name: string, scripts: Pick<ScriptNames, 'unitOf'> | undefined): boolean =>
  KNOWN.has(name) || scripts?.unitOf(name) !== undefined;

/** Throws `bad-request` where no metric is called so. */
export function unitOf(name: string, scripts: Pick<ScriptNames, 'unitOf'> | undefined): string {
  const unit = KNOWN.get(name)?.unit ?? scripts?.unitOf(name);
  if (unit === undefined) throw new AppError('bad-request', `no metric is called "${name.slice(0, 80)}"`);
  return unit;
}
