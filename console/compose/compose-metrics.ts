// Joins what answers questions about metrics: the journal of open hours, the worker with what is sealed, and relays with what is older.
import type { ChunkStore } from '#console/metrics/chunk-store.ts';
import { DecodedHours } from '#console/metrics/decoded-hours.ts';
import { FleetMetrics } from '#console/metrics/fleet-metrics.ts';
import { MetricQuery } from '#console/metrics/metric-query.ts';
import type { MetricsWorker } from '#console/metrics/metrics-worker.ts';
import type { OlderHours } from '#console/metrics/older-hours.ts';
import { OlderReader } from '#console/metrics/older-rows.ts';
import type { ScriptNames } from '#console/metrics/script-names.ts';
import { sealedReads } from '#console/metrics/sealed-reads.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';

interface Parts {
  store: Store;
  clock: Clock;
  chunks: ChunkStore;
  worker?: MetricsWorker;
  older?: OlderHours;
  scripts: ScriptNames;
}

export function composeMetricReads({ store, clock, chunks, worker, older, scripts }: Parts) {
  const deps = { db: store.db, hours: new DecodedHours({ chunks }), clock, scripts };
  const engine = worker === undefined ? undefined : sealedReads(worker);
  const reader = older === undefined ? undefined : new OlderReader({ older, clock });
  return {
    metrics: new MetricQuery({ ...deps, engine, older: reader }),
    fleetMetrics: new FleetMetrics({ ...deps, engine }),
  };
}
