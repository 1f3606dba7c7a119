// `rmm storage`, `rmm jobs`, `rmm job run`, `rmm retention`: how the console keeps house.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import {
  type CustomerRetention,
  type Job,
  JobName,
  type JobRun,
  type Storage,
} from '#shared/contract/maintenance-contract.ts';
import type { Retention } from '#shared/model/retention.ts';
import { customerNamed } from './named.ts';
import { age, bytes, duration, pairs, table } from './output.ts';
import { act, look, wholeNumber } from './verb.ts';

const dayText = (day: number | null): string =>
  day === null ? '-' : new Date(day * 86_400_000).toISOString().slice(0, 10);

const keptText = ({ rawDays, totalsDays, archiveDays }: Retention): string =>
  `raw ${rawDays} d, totals ${archiveDays} d (archived after ${totalsDays} d)`;

function storageText(storage: Storage): string {
  const { backup, damaged, at } = storage;
  const newest = backup.newest;
  return [
    table(
      ['TIER', 'DAYS', 'SIZE', 'OLDEST'],
      storage.tiers.map((one) => [one.tier, String(one.days), bytes(one.bytes), dayText(one.oldestDay)]),
    ),
    pairs([
      ['database', bytes(storage.controlBytes)],
      ['free', `${bytes(storage.freeBytes)} of ${bytes(storage.totalBytes)}`],
      ['room', storage.roomText ?? 'plenty'],
      ['kept', keptText(storage.retention)],
      ['a sample', storage.bytesPerSample === null ? '' : `${storage.bytesPerSample.toFixed(2)} bytes`],
      ['damaged', damaged.map(({ tier, day }) => `${dayText(day)} (${tier})`).join(', ')],
      ['backups', backup.folder ?? 'none on a schedule: set backup.folder'],
      ['newest backup', newest === null ? '' : `${newest.name}, ${bytes(newest.bytes)}, ${age(newest.at, at)}`],
    ]),
  ].join('\n\n');
}

const runText = ({ state, startedAt, endedAt, detail }: JobRun): string =>
  [state, endedAt === null ? '' : `in ${duration(endedAt - startedAt)}`, detail]
    .filter((part) => part !== '')
    .join(', ');

const iso = (at: number | null): string => (at === null ? '-' : new Date(at).toISOString().slice(0, 16));

const jobsTable = (jobs: readonly Job[]): string =>
  table(
    ['JOB', 'DUE', 'NEXT', 'LAST', 'HOW'],
    jobs.map(({ name, schedule, enabled, nextAt, lastRun }) => [
      name,
      enabled ? schedule : 'off',
      iso(nextAt),
      iso(lastRun?.startedAt ?? null),
      lastRun === null ? 'never' : runText(lastRun),
    ]),
  );

function addRetention(program: Command): void {
  const retention = program.command('retention').description('how long metrics are kept');
  look<{ everybody: Retention; customers: CustomerRetention[] }>(retention, 'show', {
    summary: 'of everybody, and of customers with a time of their own',
    examples: ['retention show'],
    run: ({ context }) => context.api.maintenance.retention(),
    text: ({ everybody, customers }) =>
      [
        `everybody: ${keptText(everybody)}`,
        ...customers.map(
          ({ customerName, retention: { rawDays, archiveDays } }) =>
            `${customerName}: raw ${rawDays ?? everybody.rawDays} d, totals ${archiveDays ?? everybody.archiveDays} d`,
        ),
      ].join('\n'),
  });
  act<CustomerRetention, { rawDays?: number; archiveDays?: number }>(retention, 'set <customer>', {
    summary: 'keep metrics of a customer\u2019s devices shorter or longer than everybody\u2019s',
    examples: ['retention set Acme --raw-days 7', 'retention set Acme --archive-days 2000'],
    options: (command) =>
      command
        .option('--raw-days <days>', 'raw values', wholeNumber(1, 3_653))
        .option('--archive-days <days>', 'totals, archive included', wholeNumber(1, 3_653)),
    run: async ({ context: { api }, args: [name = ''], options: { rawDays, archiveDays } }) =>
      api.maintenance.putRetention({
        customerId: (await customerNamed(api, name)).id,
        ...(rawDays === undefined ? {} : { rawDays }),
        ...(archiveDays === undefined ? {} : { archiveDays }),
      }),
    text: ({ customerName }) =>
      `${customerName} has a time of its own; it counts from the next run of the job retention`,
  });
  act<{ removed: true }>(retention, 'clear <customer>', {
    summary: 'keep metrics of a customer\u2019s devices as long as everybody\u2019s again',
    examples: ['retention clear Acme'],
    run: async ({ context: { api }, args: [name = ''] }) =>
      api.maintenance.removeRetention({ customerId: (await customerNamed(api, name)).id }),
    text: () => 'as everybody\u2019s again',
  });
}

function jobNamed(name: string): JobName {
  const parsed = JobName.safeParse(name);
  if (!parsed.success) throw new AppError('bad-request', `no job ${name}; there are ${JobName.options.join(', ')}`);
  return parsed.data;
}

export function addStorageCommands(program: Command): void {
  look<Storage>(program, 'storage', {
    summary: 'bytes and days of each tier, the database, free space and backups',
    examples: ['storage', 'storage --json'],
    run: ({ context }) => context.api.maintenance.storage(),
    text: storageText,
  });
  look<Job[]>(program, 'jobs', {
    summary: 'the console\u2019s own jobs, and how each went last',
    examples: ['jobs'],
    run: async ({ context }) => (await context.api.maintenance.jobs()).items,
    text: jobsTable,
  });
  const job = program.command('job').description('one of the console\u2019s own jobs');
  look<Array<JobRun & { job: JobName }>, { limit: number }>(job, 'runs [job]', {
    summary: 'runs, newest first',
    examples: ['job runs', 'job runs backup --limit 50'],
    options: (command) => command.option('--limit <count>', 'at most so many', wholeNumber(1, 100), 20),
    run: async ({ context, args: [name], options: { limit } }) =>
      (await context.api.maintenance.runs({ limit, ...(name !== undefined && { job: jobNamed(name) }) })).items,
    text: (runs) =>
      table(
        ['JOB', 'BEGAN', 'HOW'],
        runs.map((run) => [run.job, iso(run.startedAt), runText(run)]),
      ),
  });
  act<JobRun>(job, 'run <job>', {
    summary: 'start it now; `rmm job runs` tells how it went',
    examples: ['job run backup', 'job run integrity'],
    run: ({ context, args: [name = ''] }) => context.api.maintenance.run({ job: jobNamed(name) }),
    text: () => 'started',
  });
  addRetention(program);
}
