// Joins what keeps house: the jobs, how long metrics are kept, and what is told of storage.
import type { Audit } from '#console/audit/audit.ts';
import type { ConsoleConfig } from '#console/config/console-config.ts';
import { Jobs } from '#console/schedule/jobs.ts';
import { Retentions } from '#console/schedule/retentions.ts';
import { readStorage } from '#console/schedule/storage.ts';
import type { Store } from '#console/store/database.ts';
import { systemRandom } from '#shared/base/id.ts';
import type { ConsoleDeps } from './console-deps.ts';

interface MaintenanceParts {
  config: ConsoleConfig;
  /** The data folder. */
  data: string;
  store: Store;
  audit: Audit;
}

export async function composeMaintenance(deps: ConsoleDeps, { config, data, store, audit }: MaintenanceParts) {
  const { clock, log, stack } = deps;
  const { retention } = config.metrics;
  const retentions = new Retentions({ store, audit, clock, everybody: retention });
  const jobs = new Jobs({ store, audit, clock, random: systemRandom, log: log.room('schedule'), plans: [] });
  await jobs.recover();
  stack.add('jobs', () => jobs.stop());
  const storage = () =>
    readStorage({
      ...{ store, clock, data, retention, needs: config.storage },
      past: async () => ({ days: [], rawSamples: 0 }),
      backup: async () => ({ folder: null, newest: null }),
    });
  return { jobs, retentions, storage };
}
