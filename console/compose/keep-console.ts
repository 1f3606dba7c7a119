// `rmm console backup`, `restore` and `check`: on the console's own machine, beside a running console or without one.
import path from 'node:path';
import type { ConsoleConfig } from '#console/config/console-config.ts';
import { backupText, backupWish } from '#console/schedule/backup-job.ts';
import { checkBackup, databaseFaults } from '#console/schedule/check-backup.ts';
import { makeBackup } from '#console/schedule/make-backup.ts';
import { restoreBackup } from '#console/schedule/restore-backup.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { openConsoleStore, postgresAddressOf } from './compose-store.ts';

interface Asked {
  clock: Clock;
  log: Logger;
}

/** Into `folder`, or where the configuration says. Returns one line for people. */
export async function backUpConsole(
  config: ConsoleConfig,
  { clock, log }: Asked,
  folder = config.backup.folder,
): Promise<string> {
  if (folder === undefined)
    throw new AppError('config-invalid', 'say where to: rmm console backup <folder>, or set backup.folder');
  const data = path.resolve(config.data);
  const store = await openConsoleStore(config, data, log);
  try {
    const asked = { store, clock, data, folder, keep: config.backup.keep, postgresAddress: postgresAddressOf(config) };
    return `${backupText(await makeBackup(await backupWish(asked, folder)))}, in ${path.resolve(folder)}`;
  } finally {
    await store.close();
  }
}

export async function restoreConsole(config: ConsoleConfig, backup: string): Promise<string> {
  const data = path.resolve(config.data);
  const { manifest, files } = await restoreBackup({ backup, data, postgresAddress: postgresAddressOf(config) });
  const made = new Date(manifest.madeAt).toISOString();
  return `${data}: ${files + 1} files as of ${made}; relays send what came after it once this console runs`;
}

/** Throws `crc-mismatch` with what is damaged. */
export function checkBackupFolder(backup: string): string {
  const { manifest, faults } = checkBackup(backup);
  if (faults.length > 0) throw new AppError('crc-mismatch', `${backup}: ${faults.join('; ')}`);
  return `${manifest.files.length + 1} files as they were written on ${new Date(manifest.madeAt).toISOString()}`;
}

/** The database of this machine's console; its day files are checked by the job `integrity`. */
export function checkConsole(config: ConsoleConfig): string {
  if (config.store.engine === 'postgres')
    return 'PostgreSQL holds the database: pg_amcheck checks it; `rmm job run integrity` checks the day files';
  const file = path.join(path.resolve(config.data), 'console.db');
  const faults = databaseFaults(file);
  if (faults.length > 0) throw new AppError('crc-mismatch', faults.join('; '));
  return `${file}: sound; \`rmm job run integrity\` checks the day files`;
}
