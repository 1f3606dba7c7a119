// Joins what tries checks before they count: the worker that holds the past, and what is watched now.
import { BackTest } from '#console/alerts/back-test/back-test.ts';
import type { MetricsWorker } from '#console/metrics/metrics-worker.ts';
import type { Store } from '#console/store/database.ts';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';

export const composeChecks = ({ store, worker }: { store: Store; worker: Pick<MetricsWorker, 'call'> }) => ({
  backTest: new BackTest({
    db: store.db,
    replay: (ask, signal) => worker.call('replay', ask, { signal }),
    checksOf: async (devices) => new Map(devices.map((device) => [device, SHIPPED_CHECKS])),
  }),
});
