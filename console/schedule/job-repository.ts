// Runs of the console's own jobs, and the days that were found damaged.
import type { Db, Tx } from '#console/store/engine.ts';
import { JobName, type JobRun, JobState, StorageTier } from '#shared/contract/maintenance-contract.ts';

export interface NamedRun extends JobRun {
  job: JobName;
}

const columns = ['id', 'job', 'started_at', 'ended_at', 'state', 'detail'] as const;

interface Row {
  id: string;
  job: string;
  started_at: number;
  ended_at: number | null;
  state: string;
  detail: string;
}

/** Runs of jobs that a later or earlier release knows are passed over. */
function toRuns(rows: readonly Row[]): NamedRun[] {
  return rows.flatMap(({ job, started_at, ended_at, state, ...row }) => {
    const name = JobName.safeParse(job);
    if (!name.success) return [];
    return [{ ...row, job: name.data, startedAt: started_at, endedAt: ended_at, state: JobState.parse(state) }];
  });
}

/** False when one of the same job runs. */
export async function insertRun(tx: Tx, run: { id: string; job: JobName; startedAt: number }): Promise<boolean> {
  const result = await tx
    .insertInto('job_run')
    .values({ id: run.id, job: run.job, started_at: run.startedAt, ended_at: null, state: 'running', detail: '' })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export interface RunEnd {
  endedAt: number;
  state: JobState;
  detail: string;
}

export async function endRun(tx: Tx, id: string, { endedAt, state, detail }: RunEnd): Promise<void> {
  await tx.updateTable('job_run').set({ ended_at: endedAt, state, detail }).where('id', '=', id).execute();
}

/** What runs still when nothing can: a console that ended meanwhile. */
export async function endLeftRuns(tx: Tx, endedAt: number, detail: string): Promise<number> {
  const result = await tx
    .updateTable('job_run')
    .set({ ended_at: endedAt, state: 'stopped', detail })
    .where('state', '=', 'running')
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** Newest first; of all jobs without `job`. */
export async function listRuns(db: Db, job: JobName | undefined, limit: number): Promise<NamedRun[]> {
  const rows = await db
    .selectFrom('job_run')
    .select(columns)
    .$if(job !== undefined, (query) => query.where('job', '=', job ?? ''))
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return toRuns(rows);
}

export async function lastRun(db: Db, job: JobName): Promise<NamedRun | undefined> {
  return (await listRuns(db, job, 1))[0];
}

/** Leaves the newest `keep` of a job. */
export async function trimRuns(tx: Tx, job: JobName, keep: number): Promise<void> {
  const oldest = await tx
    .selectFrom('job_run')
    .select('started_at')
    .where('job', '=', job)
    .orderBy('started_at', 'desc')
    .offset(keep - 1)
    .limit(1)
    .executeTakeFirst();
  if (oldest === undefined) return;
  await tx.deleteFrom('job_run').where('job', '=', job).where('started_at', '<', oldest.started_at).execute();
}

export interface DamagedDay {
  tier: StorageTier;
  day: number;
  at: number;
}

/** Newest first. */
export async function listDamaged(db: Db, limit: number): Promise<DamagedDay[]> {
  const rows = await db
    .selectFrom('damaged_day')
    .select(['tier', 'day', 'at'])
    .orderBy('at', 'desc')
    .orderBy('day', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ tier, ...rest }) => ({ tier: StorageTier.parse(tier), ...rest }));
}

export async function putDamaged(tx: Tx, { tier, day, at }: DamagedDay): Promise<void> {
  await tx
    .insertInto('damaged_day')
    .values({ tier, day, at })
    .onConflict((conflict) => conflict.columns(['tier', 'day']).doUpdateSet({ at }))
    .execute();
}
