// What a series of a poll is called in the dictionary of a day: in words, so that old files outlive the catalogue.
import { metricById, type Series } from '#shared/model/metric-catalogue.ts';
import type { StoredSeries } from './day-store.ts';

/** A metric that a newer relay knows and this program does not: kept under its number, so that nothing of it is lost. */
const unknown = (metric: number): Omit<StoredSeries, 'instance'> => ({
  name: `metric.${metric}`,
  unit: '',
  kind: 'gauge',
  resolution: 1,
});

export function storedSeries({ metric, instance }: Series): StoredSeries {
  const { name, unit, kind, resolution } = metricById(metric) ?? unknown(metric);
  return { name, instance, unit, kind, resolution };
}
