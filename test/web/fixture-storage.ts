// Made-up storage, jobs and retention in the shapes of the contract: what the storage page shows.
import type { Job, Storage, TierUse } from '#shared/contract/maintenance-contract.ts';
import type { RetentionWish } from '#shared/model/retention.ts';
import type { Guarded } from './fixture-console.ts';
import { customerId } from './fixture-fleet.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MIB = 2 ** 20;
const RETENTION = { rawDays: 30, totalsDays: 90, archiveDays: 1_095 };

const tiers = (today: number): TierUse[] => [
  { tier: 'open', days: 1, bytes: 41 * MIB, oldestDay: today },
  { tier: 'raw', days: 30, bytes: 3_410 * MIB, oldestDay: today - 29 },
  { tier: 'hours', days: 2, bytes: 9 * MIB, oldestDay: today - 1 },
  { tier: 'days', days: 88, bytes: 402 * MIB, oldestDay: today - 89 },
  { tier: 'archive', days: 212, bytes: 611 * MIB, oldestDay: today - 301 },
];

const storage = (now: number): Storage => ({
  at: now,
  tiers: tiers(Math.floor(now / DAY_MS)),
  controlBytes: 120 * MIB,
  freeBytes: 61_440 * MIB,
  totalBytes: 102_400 * MIB,
  room: 'plenty',
  roomText: null,
  retention: RETENTION,
  bytesPerSample: 0.874,
  damaged: [{ tier: 'raw', day: Math.floor(now / DAY_MS) - 12, at: now - 9 * HOUR_MS }],
  backup: { folder: '/srv/backup', newest: { name: 'rmm-20260105', at: now - 8 * HOUR_MS, bytes: 4_600 * MIB } },
});

type Name = Job['name'];
const NAMES: readonly Name[] = ['roll-up', 'retention', 'archive', 'integrity', 'backup'];

const runOf = (name: Name, n: number, now: number) => ({
  id: `${name}-${n}`,
  startedAt: now - n * DAY_MS - 7 * HOUR_MS,
  endedAt: now - n * DAY_MS - 7 * HOUR_MS + 41_000,
  state: name === 'backup' && n === 1 ? ('failed' as const) : ('ok' as const),
  detail: name === 'backup' && n === 1 ? '/srv/backup: no space left on device' : `${n + 1} days, 12 MiB`,
});

const jobs = (now: number): Job[] =>
  NAMES.map((name, n) => ({
    name,
    summary: `What ${name} is for, in one sentence.`,
    schedule: `0${n}:40 every day`,
    enabled: name !== 'archive',
    lastRun: name === 'archive' ? null : runOf(name, 0, now),
    nextAt: name === 'archive' ? null : now + (n + 3) * HOUR_MS,
  }));

export function storageRoutes(guarded: Guarded, now: () => number) {
  const own = new Map([[customerId(0), { rawDays: 90 } as RetentionWish]]);
  const rowOf = (id: ReturnType<typeof customerId>) => ({
    ...{ customerId: id, customerName: 'Example', changedAt: now() - DAY_MS },
    retention: own.get(id) ?? {},
  });
  return {
    maintenance: {
      storage: guarded.maintenance.storage.handler(() => storage(now())),
      jobs: guarded.maintenance.jobs.handler(() => ({ items: jobs(now()) })),
      runs: guarded.maintenance.runs.handler(({ input }) => ({
        items: NAMES.filter((name) => input.job === undefined || name === input.job)
          .flatMap((job) => [0, 1, 2, 3].map((n) => ({ job, ...runOf(job, n, now()) })))
          .sort((a, b) => b.startedAt - a.startedAt)
          .slice(0, input.limit),
      })),
      run: guarded.maintenance.run.handler(({ input }) => ({
        ...runOf(input.job, 0, now()),
        ...{ startedAt: now(), endedAt: null, state: 'running' as const, detail: '' },
      })),
      retention: guarded.maintenance.retention.handler(() => ({
        everybody: RETENTION,
        customers: [...own.keys()].map(rowOf),
      })),
      putRetention: guarded.maintenance.putRetention.handler(({ input: { customerId: id, ...wish } }) => {
        own.set(id, wish);
        return rowOf(id);
      }),
      removeRetention: guarded.maintenance.removeRetention.handler(({ input }) => {
        own.delete(input.customerId);
        return { removed: true as const };
      }),
    },
  };
}
