// The job that makes a backup: what it needs of the console, and what it says afterwards.
import path from 'node:path';
import { sql } from 'kysely';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { JobResult } from './jobs.ts';
import type { BackupReport, BackupWish } from './make-backup.ts';
import { runHeavy } from './run-heavy.ts';

export interface BackupSource {
  store: Store;
  clock: Clock;
  data: string;
  folder: string | undefined;
  keep: number;
  /** Undefined where SQLite holds the control plane. */
  postgresAddress: string | undefined;
}

interface BackupJobDeps extends BackupSource {
  /** No backup is begun while the console's own disk is short of room: its snapshot lies there for a while. */
  isShort: () => boolean;
}

export async function newestMigration(store: Store): Promise<string> {
  const rows = await sql<{ name: string | null }>`select max(name) as name from kysely_migration`.execute(store.db);
  return rows.rows[0]?.name ?? '';
}

export async function backupWish(deps: BackupSource, folder: string): Promise<BackupWish> {
  const { store, clock, data, keep, postgresAddress: address } = deps;
  const postgres =
    address === undefined
      ? undefined
      : { address, migration: await newestMigration(store), incarnation: store.incarnation };
  return { data, folder: path.resolve(folder), keep, now: clock.now(), postgres };
}

export const backupText = ({ name, files, bytes, linkedBytes, removed }: BackupReport): string =>
  [
    `${name}: ${files} files, ${bytes} bytes`,
    ...(linkedBytes === 0 ? [] : [`${linkedBytes} of them shared with the backup before`]),
    ...(removed.length === 0 ? [] : [`${removed.length} older removed`]),
  ].join(', ');

export const backupJob =
  (deps: BackupJobDeps) =>
  async (signal: AbortSignal): Promise<JobResult> => {
    if (deps.folder === undefined) return { state: 'skipped', detail: 'backup.folder is not set: nowhere to put it' };
    if (deps.isShort()) return { state: 'skipped', detail: 'the disk is short of room' };
    const report = await runHeavy('backup', await backupWish(deps, deps.folder), signal);
    return { state: 'ok', detail: backupText(report) };
  };
