// What a series of a poll is called in the dictionary of a day: in words, so that old files outlive the catalogue.
import { metricById, metricByName, SCRIPT_VALUE, type Series } from '#shared/model/metric-catalogue.ts';
import { isScriptName, readScriptColumn, scriptColumn, scriptSeriesRefusal } from '#shared/model/script-series.ts';
import type { StoredSeries } from './day-store.ts';

/** A metric that a newer relay knows and this program does not: kept under its number, so that nothing of it is lost. */
const unknown = (metric: number): Omit<StoredSeries, 'instance'> => ({
  name: `metric.${metric}`,
  unit: '',
  kind: 'gauge',
  resolution: 1,
});

const SCRIPTED = { kind: SCRIPT_VALUE.kind, resolution: SCRIPT_VALUE.resolution };

export function storedSeries(series: Series): StoredSeries {
  const scripted = readScriptColumn(series);
  if (scripted !== undefined) return { ...scripted, ...SCRIPTED };
  const { metric, instance } = series;
  const { name, unit, kind, resolution } = metricById(metric) ?? unknown(metric);
  return { name, instance, unit, kind, resolution };
}

/** As a column of a poll again; undefined for what this program does not know. */
export function polledSeries({
  name,
  unit,
  instance,
}: Pick<StoredSeries, 'name' | 'unit' | 'instance'>): Series | undefined {
  const known = metricByName(name);
  if (known !== undefined) return { metric: known.id, instance };
  return scriptSeriesRefusal({ name, unit, instance }) === undefined
    ? scriptColumn({ name, unit, instance })
    : undefined;
}

/** As one program tells another: by the catalogue's name, and what scripts named under the one name of such columns. */
export function toldSeries(series: Pick<StoredSeries, 'name' | 'unit' | 'instance'>): {
  metric: string;
  instance: string;
} {
  const { name, instance } = series;
  if (!isScriptName(name) || scriptSeriesRefusal(series) !== undefined) return { metric: name, instance };
  return { metric: SCRIPT_VALUE.name, instance: scriptColumn(series).instance };
}

/** Of what another program told; undefined for a name that this one does not know. */
export function namedSeries(metric: string, instance: string): StoredSeries | undefined {
  if (metric === SCRIPT_VALUE.name) {
    const said = readScriptColumn({ metric: SCRIPT_VALUE.id, instance });
    return said === undefined ? undefined : { ...said, ...SCRIPTED };
  }
  const known = metricByName(metric);
  return known === undefined ? undefined : storedSeries({ metric: known.id, instance });
}
