// Joins what keeps house: the jobs and their clock, how long metrics are kept, and what is told of storage.
import path from 'node:path';
import type { Audit } from '#console/audit/audit.ts';
import type { ConsoleConfig } from '#console/config/console-config.ts';
import type { MetricsWorker } from '#console/metrics/metrics-worker.ts';
import { backupJob } from '#console/schedule/backup-job.ts';
import { newestBackup } from '#console/schedule/backup-shelf.ts';
import { sitesOfCustomers } from '#console/schedule/customer-sites-repository.ts';
import {
  archiveJob,
  checkDays,
  type DayJobDeps,
  type DayKeeping,
  retentionJob,
  rollUpJob,
} from '#console/schedule/day-jobs.ts';
import { integrityJob } from '#console/schedule/integrity-job.ts';
import { JobClock } from '#console/schedule/job-clock.ts';
import { planOf } from '#console/schedule/job-plans.ts';
import { type JobPlan, Jobs } from '#console/schedule/jobs.ts';
import { siteTimes } from '#console/schedule/keep-plan.ts';
import { Retentions } from '#console/schedule/retentions.ts';
import { RoomWatch } from '#console/schedule/room-watch.ts';
import { readRoom, readStorage } from '#console/schedule/storage.ts';
import type { Store } from '#console/store/database.ts';
import { describeError } from '#shared/base/errors.ts';
import { systemRandom } from '#shared/base/id.ts';
import { Ballast } from '#shared/runtime/ballast.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { postgresAddressOf } from './compose-store.ts';
import type { ConsoleDeps } from './console-deps.ts';

interface MaintenanceParts {
  config: ConsoleConfig;
  /** The data folder. */
  data: string;
  store: Store;
  audit: Audit;
}

/** The oldest metrics go at most this often while room is short: each run makes room for hours. */
const SHORTEN_EACH_MS = 10 * 60_000;

/** Stands before the links: they ask it whether there is room. */
export function composeRoom({ clock, log, stack }: ConsoleDeps, { config, data, store, audit }: MaintenanceParts) {
  const outlet: { shorten: () => Promise<void> } = { shorten: async () => undefined };
  const [room, stopping] = [log.room('schedule'), new AbortController()];
  let shortenedAt = Number.NEGATIVE_INFINITY;
  const watch = new RoomWatch({
    ...{ store, audit, clock, log: room, needs: config.storage },
    read: () => readRoom(data),
    ballast: new Ballast(path.join(data, 'ballast')),
    onShort: async () => {
      if (clock.monotonic() - shortenedAt < SHORTEN_EACH_MS) return;
      shortenedAt = clock.monotonic();
      await outlet.shorten();
    },
  });
  const running = watch.run(stopping.signal);
  stack.add('room', async () => {
    stopping.abort();
    await running;
  });
  return { watch, outlet };
}

type Room = ReturnType<typeof composeRoom>;

export async function composeMaintenance(
  deps: ConsoleDeps,
  parts: MaintenanceParts,
  { room, worker }: { room: Room; worker: MetricsWorker },
) {
  const { clock, log, stack } = deps;
  const { config, data, store, audit } = parts;
  const { retention } = config.metrics;
  const retentions = new Retentions({ store, audit, clock, everybody: retention });
  const jobs = new Jobs({
    ...{ store, audit, clock, random: systemRandom, log: log.room('schedule') },
    plans: plansOf(deps, parts, { room, worker, retentions }),
  });
  await jobs.recover();
  const jobClock = new JobClock({ jobs, log: log.room('schedule') });
  stack.add('jobs', () => jobClock.stop());
  await jobClock.start();
  room.outlet.shorten = () => shorten(jobs, log.room('schedule'));
  const { folder } = config.backup;
  const storage = () =>
    readStorage({
      ...{ store, clock, data, retention, needs: config.storage },
      past: () => worker.call('states', {}),
      backup: async () => ({ folder: folder ?? null, newest: folder === undefined ? null : newestBackup(folder) }),
    });
  return { jobs, retentions, storage };
}

async function shorten(jobs: Jobs, log: Logger): Promise<void> {
  try {
    await jobs.begin('retention');
  } catch (error) {
    log.info(describeError(error), 'the job retention was not started for room');
  }
}

/** The worker as the jobs on days see it: each call ends when the console stops. */
function keepingOf(worker: MetricsWorker): DayKeeping {
  return {
    states: async (signal) => (await worker.call('states', {}, { signal })).days,
    rollUp: (day, signal) => worker.call('rollUp', { day }, { signal }),
    archive: (day, signal) => worker.call('archive', { day }, { signal }),
    retain: (ask, signal) => worker.call('retain', ask, { signal }),
    drop: (day, tier, signal) => worker.call('drop', { day, tier }, { signal }),
    check: (day, signal) => worker.call('check', { day }, { signal }),
  };
}

interface PlanParts {
  room: Room;
  worker: MetricsWorker;
  retentions: Retentions;
}

function plansOf(
  { clock }: ConsoleDeps,
  { config, data, store, audit }: MaintenanceParts,
  { room, worker, retentions }: PlanParts,
): JobPlan[] {
  const { jobs, backup } = config;
  const keeping = keepingOf(worker);
  const { retention } = config.metrics;
  const days: DayJobDeps = {
    ...{ keeping, clock, retention },
    times: async () => siteTimes(retention, await retentions.customers(), await sitesOfCustomers(store.db)),
    isShort: () => room.watch.isShortNow(),
    onShortened: (text) =>
      store.transaction(async (tx) => {
        const row = { verb: 'storage.shortened', resource: 'console', outcome: 'ok' as const, detail: { days: text } };
        await audit.append(tx, { actor: 'system:storage', ...row });
      }),
  };
  const backupWork = backupJob({
    ...{ store, clock, data, folder: backup.folder, keep: backup.keep, postgresAddress: postgresAddressOf(config) },
    isShort: () => room.watch.isShort,
  });
  const integrityWork = integrityJob({
    ...{ store, audit, clock, controlFile: path.join(data, 'console.db') },
    checkDays: (signal) => checkDays(keeping, signal),
  });
  const planned = planOf('backup', jobs, backupWork);
  return [
    planOf('roll-up', jobs, rollUpJob(days)),
    planOf('archive', jobs, archiveJob(days)),
    planOf('retention', jobs, retentionJob(days)),
    { ...planned, enabled: planned.enabled && backup.folder !== undefined },
    planOf('integrity', jobs, integrityWork),
  ];
}
