// The reading half of the port to the metrics worker, over its calls.
import type { MetricEngine } from './metric-engine.ts';
import type { MetricsWorker } from './metrics-worker.ts';

export type SealedReads = Pick<MetricEngine, 'range' | 'sum' | 'compare' | 'lastPolls'>;

export const sealedReads = (worker: Pick<MetricsWorker, 'call'>): SealedReads => ({
  range: (ask, signal) => worker.call('range', ask, { signal }),
  sum: (ask, signal) => worker.call('sum', ask, { signal }),
  compare: (ask, signal) => worker.call('compare', ask, { signal }),
  lastPolls: (ask, signal) => worker.call('lastPolls', ask, { signal }),
});
