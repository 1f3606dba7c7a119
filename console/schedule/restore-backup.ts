// Brings a backup back into an empty data folder, whole or not at all, as another life of the database.
import { existsSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openStore, type StoreOptions } from '#console/store/database.ts';
import { AppError } from '#shared/base/errors.ts';
import { type BackupManifest, type FileEntry, readManifest } from './backup-manifest.ts';
import { controlIn, fileIn } from './check-backup.ts';
import { copyDurably, makeFolder, syncPath } from './durable-copy.ts';
import { restorePostgres } from './postgres-tools.ts';

export interface RestoreWish {
  backup: string;
  /** The data folder: absent or empty. */
  data: string;
  /** Where the control plane is to be; the database holds no table of ours yet. */
  postgresAddress?: string | undefined;
}

export interface RestoreReport {
  manifest: BackupManifest;
  files: number;
  /** Relays see another life of the database and send what came after the backup. */
  incarnation: string;
}

/** Throws `conflict` where there is something already, `crc-mismatch` where the backup is not what was written. */
export async function restoreBackup(wish: RestoreWish): Promise<RestoreReport> {
  const { backup, data, postgresAddress } = wish;
  const manifest = readManifest(backup);
  refuseUnfit(manifest, postgresAddress);
  if (existsSync(data) && readdirSync(data).length > 0)
    throw new AppError('conflict', `${data}: is not empty; a backup goes into a folder of its own`);
  const building = `${path.resolve(data)}.restoring`;
  rmSync(building, { recursive: true, force: true });
  makeFolder(building);
  try {
    for (const entry of manifest.files) bring(fileIn(backup, entry), path.join(building, entry.path), entry);
    const incarnation = await bringControl({ manifest, backup, building, postgresAddress });
    if (existsSync(data)) rmdirSync(data);
    renameSync(building, data);
    syncPath(path.dirname(path.resolve(data)));
    return { manifest, files: manifest.files.length, incarnation };
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    throw error;
  }
}

function refuseUnfit({ engine }: BackupManifest, postgresAddress: string | undefined): void {
  if (engine === 'postgres' && postgresAddress === undefined)
    throw new AppError(
      'config-invalid',
      'the backup is of PostgreSQL: store.engine and store.postgresUrlFile must name one',
    );
  if (engine === 'sqlite' && postgresAddress !== undefined)
    throw new AppError('config-invalid', 'the backup is of SQLite: store.engine must be sqlite');
}

function bring(source: string, target: string, entry: FileEntry): void {
  const { bytes, sha256 } = copyDurably(source, target);
  if (bytes !== entry.bytes || sha256 !== entry.sha256)
    throw new AppError('crc-mismatch', `${entry.path}: is not what was written; nothing was restored`);
  syncPath(path.dirname(target));
}

interface Bringing {
  manifest: BackupManifest;
  backup: string;
  building: string;
  postgresAddress: string | undefined;
}

async function bringControl({ manifest, backup, building, postgresAddress }: Bringing): Promise<string> {
  const source = controlIn(backup, manifest);
  if (postgresAddress === undefined) {
    const file = path.join(building, 'console.db');
    bring(source, file, manifest.control);
    return await anotherLife({ engine: 'sqlite', file });
  }
  await restorePostgres(postgresAddress, source);
  return await anotherLife({ engine: 'postgres', connectionString: postgresAddress });
}

/** Migrated to this release as well; what a later release wrote is refused there. */
async function anotherLife(options: StoreOptions): Promise<string> {
  const store = await openStore(options);
  try {
    return await store.newIncarnation();
  } finally {
    await store.close();
  }
}
