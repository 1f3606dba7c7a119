// The job that looks for damage: the database by its engine's own check, day files by theirs; what is damaged is told to people.
import { sql } from 'kysely';
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { type DamagedDay, putDamaged } from './job-repository.ts';
import type { JobResult } from './jobs.ts';
import { runHeavy } from './run-heavy.ts';

export interface IntegrityDeps {
  store: Store;
  audit: Audit;
  clock: Clock;
  /** SQLite's file. */
  controlFile: string;
  /** Checks every part of every day file. */
  checkDays: (signal: AbortSignal) => Promise<{ checked: number; damaged: ReadonlyArray<Omit<DamagedDay, 'at'>> }>;
}

/** PostgreSQL counts pages whose checksum does not fit, where its cluster was made with checksums. */
async function postgresFaults(store: Store): Promise<{ faults: string[]; said: string }> {
  const asked = await sql<{ failures: number | null; checksums: string }>`
    select checksum_failures as failures, current_setting('data_checksums') as checksums
    from pg_stat_database where datname = current_database()`.execute(store.db);
  const row = asked.rows[0];
  if (row?.checksums !== 'on')
    return { faults: [], said: 'PostgreSQL keeps no checksums of its pages (initdb --data-checksums): it finds less' };
  const failures = Number(row.failures ?? 0);
  return { faults: failures === 0 ? [] : [`PostgreSQL met ${failures} damaged pages`], said: 'database sound' };
}

async function controlFaults({ store, controlFile }: IntegrityDeps, signal: AbortSignal) {
  if (store.engine === 'postgres') return await postgresFaults(store);
  return { faults: await runHeavy('integrity', { file: controlFile }, signal), said: 'database sound' };
}

const dayText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

export const integrityJob =
  (deps: IntegrityDeps) =>
  async (signal: AbortSignal): Promise<JobResult> => {
    const { store, audit, clock } = deps;
    const control = await controlFaults(deps, signal);
    const { checked, damaged } = await deps.checkDays(signal);
    const days = damaged.map(({ tier, day }) => `${dayText(day)} (${tier})`);
    if (control.faults.length === 0 && days.length === 0)
      return { state: 'ok', detail: `${control.said}, ${checked} day files sound` };
    const told = [
      ...(control.faults.length === 0 ? [] : [`database damaged: ${control.faults[0]}`]),
      ...(days.length === 0 ? [] : [`damaged: ${days.slice(0, 20).join(', ')}`]),
    ].join('; ');
    await store.transaction(async (tx) => {
      for (const one of damaged) await putDamaged(tx, { ...one, at: clock.now() });
      const row = { verb: 'storage.damaged', resource: 'console', outcome: 'failed' as const, detail: { told } };
      await audit.append(tx, { actor: 'system:integrity', ...row });
    });
    throw new AppError('crc-mismatch', told);
  };
