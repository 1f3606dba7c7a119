// How the console keeps house: what it stores, how long, and the jobs that see to it.
import { z } from 'zod';
import { CustomerId } from '#shared/base/id.ts';
import { Retention, RetentionWish } from '#shared/model/retention.ts';
import { endangers, operation, reads, writes } from './meta.ts';

/**
 * `open`: frames of hours that are not sealed yet, in the database. `raw`: chunks of past hours. `hours`: totals of days that may still
 * change. `days`: totals of closed days. `archive`: closed days, compressed.
 */
export const StorageTier = z.enum(['open', 'raw', 'hours', 'days', 'archive']);
export type StorageTier = z.infer<typeof StorageTier>;

export const TierUse = z.object({
  tier: StorageTier,
  days: z.int(),
  bytes: z.int(),
  /** Whole days since 1970-01-01 UTC; null while the tier is empty. */
  oldestDay: z.int().nullable(),
});
export type TierUse = z.infer<typeof TierUse>;

/**
 * `plenty`: nothing to do. `low`: people are told. `short`: old metrics go before their time. `full`: nothing more is taken in, and
 * relays keep what they have until there is room again.
 */
export const RoomLevel = z.enum(['plenty', 'low', 'short', 'full']);
export type RoomLevel = z.infer<typeof RoomLevel>;

export const Storage = z.object({
  at: z.int(),
  tiers: z.array(TierUse),
  /** The control plane's database; of SQLite with its journal. Frames of open hours lie in it too. */
  controlBytes: z.int(),
  /** Where the data folder is. */
  freeBytes: z.int(),
  totalBytes: z.int(),
  room: RoomLevel,
  /** What stands behind `room`, in one sentence; null while there is plenty. */
  roomText: z.string().nullable(),
  retention: Retention,
  /** Of sealed raw chunks; null before the first hour is sealed. */
  bytesPerSample: z.number().nullable(),
  /** Days in whose files the check found damage, newest first: damage never reads as a value, the rest does. */
  damaged: z.array(z.object({ tier: StorageTier, day: z.int(), at: z.int() })),
  backup: z.object({
    /** Null where none is made on a schedule. */
    folder: z.string().nullable(),
    /** The newest whole one; null while there is none. */
    newest: z.object({ name: z.string(), at: z.int(), bytes: z.int() }).nullable(),
  }),
});
export type Storage = z.infer<typeof Storage>;

/** `stopped`: the console ended while it ran. `skipped`: it was due while there was nothing to do it with. */
export const JobState = z.enum(['running', 'ok', 'failed', 'stopped', 'skipped']);
export type JobState = z.infer<typeof JobState>;

export const JobRun = z.object({
  id: z.string(),
  startedAt: z.int(),
  endedAt: z.int().nullable(),
  state: JobState,
  /** One sentence: what it did, or why it did not. */
  detail: z.string(),
});
export type JobRun = z.infer<typeof JobRun>;

export const JobName = z.enum(['roll-up', 'retention', 'archive', 'integrity', 'backup']);
export type JobName = z.infer<typeof JobName>;

export const Job = z.object({
  name: JobName,
  /** What it is for, in one sentence. */
  summary: z.string(),
  /** "02:40 every day", in UTC. */
  schedule: z.string(),
  enabled: z.boolean(),
  lastRun: JobRun.nullable(),
  nextAt: z.int().nullable(),
});
export type Job = z.infer<typeof Job>;

/** How long metrics of one customer's devices are kept, where it is not as long as everybody's. */
export const CustomerRetention = z.object({
  customerId: CustomerId,
  customerName: z.string(),
  retention: RetentionWish,
  changedAt: z.int(),
});
export type CustomerRetention = z.infer<typeof CustomerRetention>;

// A job runs a few times a day: a hundred are a month.
const MOST_RUNS = 100;

export const maintenanceContract = {
  storage: operation
    .meta(reads('storage.read'))
    .route({
      method: 'GET',
      path: '/maintenance/storage',
      summary: 'Bytes of each tier, the oldest data, free space and retention',
      tags: ['Maintenance'],
    })
    .output(Storage),
  jobs: operation
    .meta(reads('storage.read'))
    .route({
      method: 'GET',
      path: '/maintenance/jobs',
      summary: 'The console\u2019s own jobs, and how each went last',
      tags: ['Maintenance'],
    })
    .output(z.object({ items: z.array(Job) })),
  runs: operation
    .meta(reads('storage.read'))
    .route({
      method: 'GET',
      path: '/maintenance/runs',
      summary: 'Runs of the jobs, newest first',
      tags: ['Maintenance'],
    })
    .input(
      z.object({
        job: JobName.optional(),
        limit: z.coerce.number().int().min(1).max(MOST_RUNS).default(20),
      }),
    )
    .output(z.object({ items: z.array(JobRun.extend({ job: JobName })) })),
  run: operation
    .meta(writes('system.maintain'))
    .route({
      method: 'POST',
      path: '/maintenance/run',
      summary: 'Start a job now; a job that runs already is a conflict',
      tags: ['Maintenance'],
    })
    .input(z.object({ job: JobName }))
    .output(JobRun),
  retention: operation
    .meta(reads('storage.read'))
    .route({
      method: 'GET',
      path: '/maintenance/retention',
      summary: 'How long metrics are kept: of everybody, and of customers with a time of their own',
      tags: ['Maintenance'],
    })
    .output(z.object({ everybody: Retention, customers: z.array(CustomerRetention) })),
  putRetention: operation
    .meta(endangers('system.maintain'))
    .route({
      method: 'PUT',
      path: '/maintenance/retention/{customerId}',
      summary: 'Keep metrics of one customer\u2019s devices for another time than everybody\u2019s',
      tags: ['Maintenance'],
    })
    .input(RetentionWish.extend({ customerId: CustomerId }))
    .output(CustomerRetention),
  removeRetention: operation
    .meta(endangers('system.maintain'))
    .route({
      method: 'DELETE',
      path: '/maintenance/retention/{customerId}',
      summary: 'Keep metrics of one customer\u2019s devices as long as everybody\u2019s again',
      tags: ['Maintenance'],
    })
    .input(z.object({ customerId: CustomerId }))
    .output(z.object({ removed: z.literal(true) })),
};
