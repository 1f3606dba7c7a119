// The jobs the console has, when each is due, and what it is for.
import { z } from 'zod';
import type { JobName } from '#shared/contract/maintenance-contract.ts';
import type { JobPlan } from './jobs.ts';
import { JobTime } from './schedule-time.ts';

/** One after the other in the quiet hours of UTC: a day closes at 02:00, is rolled up, archived, forgotten, and then backed up. */
const DEFAULTS = {
  'roll-up': { at: '02:10' },
  archive: { at: '02:25' },
  retention: { at: '02:40' },
  backup: { at: '03:10' },
  integrity: { at: '04:00', on: 'sunday' },
} as const satisfies Record<JobName, z.input<typeof JobTime>>;

const SUMMARIES: Record<JobName, string> = {
  'roll-up': 'Closes days that are over: one file of totals in place of a database.',
  archive: 'Compresses totals that are rarely looked at.',
  retention: 'Forgets metrics whose time is over, of everybody and of single customers.',
  backup: 'Copies database, keys and days into the backup folder, and checks the copy.',
  integrity: 'Checks the database and every part of every day file, and tells what is damaged.',
};

const jobConfig = (name: JobName) =>
  z.strictObject({ enabled: z.boolean().default(true), ...JobTime.extend({}).shape }).prefault({ ...DEFAULTS[name] });

export const JobsConfig = z.strictObject({
  rollUp: jobConfig('roll-up'),
  archive: jobConfig('archive'),
  retention: jobConfig('retention'),
  backup: jobConfig('backup'),
  integrity: jobConfig('integrity'),
});
export type JobsConfig = z.infer<typeof JobsConfig>;

export const BackupConfig = z.strictObject({
  /** Best on another disk. None is made on a schedule while it is absent. */
  folder: z.string().min(1).optional(),
  /** The newest ones that stay; days that have not changed take room once. */
  keep: z.int().min(1).max(1_000).default(7),
});
export type BackupConfig = z.infer<typeof BackupConfig>;

export function planOf(name: JobName, config: JobsConfig, work: JobPlan['work']): JobPlan {
  const { enabled, ...time } = config[name === 'roll-up' ? 'rollUp' : name];
  return { name, summary: SUMMARIES[name], time, enabled, work };
}
