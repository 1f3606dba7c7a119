// The consoles of `bench query`: sites and devices made by the API, and day files that are written while nobody has them open.
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Api, apiClient } from '#console/cli/client.ts';
import { loadProfile } from '#console/cli/profile.ts';
import { MetricsWorker } from '#console/metrics/metrics-worker.ts';
import { hourOf, systemClock } from '#shared/base/clock.ts';
import { newId, RelayId } from '#shared/base/id.ts';
import type { DevicePlace } from '#shared/day-files/day-store.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { makeSite } from './bench-relay.ts';
import { startProgram, stopChild } from './console-child.ts';
import type { MetricConsoleRequest } from './metric-console-message.ts';
import { type FleetDays, makeTiers, writeClosedDay, writeOpenDay } from './query-days.ts';
import { mixDay } from './query-mix.ts';

export interface Shape {
  sites: number;
  /** Of a site. */
  devices: number;
  /** Different ones; each site has each of them equally often. */
  templates: number;
  /** Before now; whole days of totals reach further back. */
  rawHours: number;
  totalsDays: number;
}

export interface QueryEstate extends FleetDays {
  data: string;
  bundle: string;
  /** What is sealed ends here: the last hour that has passed. */
  until: number;
}

export async function startConsole(bundle: string, data: string): Promise<{ child: ChildProcess; api: Api }> {
  const request = { op: 'start', data, speed: 1 } satisfies MetricConsoleRequest;
  const { child } = await startProgram(path.join(bundle, 'metric-console.cjs'), request);
  try {
    return { child, api: apiClient(await loadProfile({ data }, {})) };
  } catch (error) {
    await stopChild(child);
    throw error;
  }
}

async function enrolAll(bundle: string, data: string, folder: string, { sites, devices }: Shape) {
  const { child, api } = await startConsole(bundle, data);
  try {
    const places: DevicePlace[] = [];
    const relays: Array<FleetDays['relays'][number]> = [];
    for (let index = 0; index < sites; index += 1) {
      const made = await makeSite({ api, folder, index, devices });
      places.push(...made.devices.map((device) => ({ device, site: made.site })));
      const { enrolment } = made.identity;
      if (enrolment !== undefined) relays.push({ relay: enrolment.relay, site: made.site });
    }
    return { places, relays };
  } finally {
    await stopChild(child);
  }
}

export async function makeEstate(bundle: string, folder: string, shape: Shape, say: (line: string) => void) {
  const data = path.join(folder, 'console');
  const until = hourOf(systemClock.now()) - 1;
  const made = await enrolAll(bundle, data, folder, shape);
  say(`${made.places.length} devices are made`);
  const mix = mixDay(path.join(folder, 'mix'), shape.templates, shape.devices / shape.templates);
  const estate: QueryEstate = { ...made, mix, data, bundle, until, folder: path.join(data, 'metrics') };
  makeTiers(estate.folder);
  const [today, hours] = [Math.floor((until + 1) / 24), (until + 1) % 24];
  const rawFrom = until + 1 - shape.rawHours;
  for (let day = today - shape.totalsDays; day < today; day += 1)
    writeClosedDay(estate, day, Math.min(24, Math.max(0, rawFrom - day * 24)));
  if (hours > 0) writeOpenDay(estate, today, hours);
  say(`${shape.totalsDays} days are written, and ${hours} hours of today`);
  return estate;
}

/** The worker of a release, and no console around it. It has answered a question already: its program is loaded. */
export async function startWorker({ bundle, folder, relays }: QueryEstate): Promise<MetricsWorker> {
  const start = (workerData: { folder: string }) =>
    new Worker(path.join(bundle, 'metrics-worker.cjs'), {
      workerData,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 64, maxOldGenerationSizeMb: 1_024 },
    });
  const worker = new MetricsWorker({ folder, clock: systemClock, random: Math.random, log: silentLogger, start });
  await worker.call('coverage', { relay: relays[0]?.relay ?? RelayId.parse(newId(0)), from: 0, to: 0 });
  return worker;
}

/** False where that is not allowed: questions are then asked of files that memory still holds. */
export function dropPageCache(): boolean {
  try {
    // What is written is on disk already: pages that were only read go.
    writeFileSync('/proc/sys/vm/drop_caches', '1');
    return true;
  } catch {
    return false;
  }
}
