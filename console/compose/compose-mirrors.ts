// Joins the mirrors of metrics: what the worker has sealed is told to the places that the configuration names.
import { readFileSync } from 'node:fs';
import type { ConsoleConfig } from '#console/config/console-config.ts';
import type { MetricsWorker } from '#console/metrics/metrics-worker.ts';
import type { DeviceLabels } from '#console/metrics/mirror/mirror-batches.ts';
import { Mirrors } from '#console/metrics/mirror/mirrors.ts';
import type { FleetIndex } from '#console/query/fleet-index.ts';
import type { Store } from '#console/store/database.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { ConsoleDeps } from './console-deps.ts';

interface Parts {
  store: Store;
  fleet: FleetIndex;
  worker: Pick<MetricsWorker, 'call'>;
}

export function composeMirrors(
  config: Pick<ConsoleConfig, 'mirrors' | 'outgoing'>,
  { clock, log }: Pick<ConsoleDeps, 'clock' | 'log'>,
  { store, fleet, worker }: Parts,
): Mirrors {
  return new Mirrors({
    targets: config.mirrors.map(({ bearerFile, basic, caFile, ...rest }) => ({
      ...rest,
      bearer: bearerFile,
      basic: basic && { user: basic.user, password: basic.passwordFile },
      ca: caFile,
    })),
    rules: { allow: new Set(config.outgoing.allow) },
    readFile: (file) => readFileSync(file, 'utf8'),
    sealed: (ask, signal) => worker.call('sealedHour', ask, { signal }),
    describe: (device) => describe(fleet, device),
    ...{ store, clock, random: Math.random, log: log.room('mirrors') },
  });
}

/** As people call it now: a device that was renamed goes on under its id. */
function describe({ rows }: FleetIndex, device: DeviceId): DeviceLabels | undefined {
  const row = rows.rowOf(device);
  const site = row === undefined ? undefined : rows.siteOf(row);
  if (row === undefined || site === undefined) return undefined;
  return { device: rows.texts.name.text[row] ?? '', site: site.name, customer: site.customerName };
}
