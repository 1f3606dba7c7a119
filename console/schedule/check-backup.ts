// Whether a backup still is what was written: every file against its digest, the database by its own check.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describeError } from '#shared/base/errors.ts';
import { openSqlite } from '#shared/runtime/open-sqlite.ts';
import { type BackupManifest, FILES_FOLDER, type FileEntry, readManifest } from './backup-manifest.ts';
import { digestOf } from './durable-copy.ts';
import { faultsOf } from './snapshot-sqlite.ts';

export const fileIn = (backup: string, entry: FileEntry): string => path.join(backup, FILES_FOLDER, entry.path);
export const controlIn = (backup: string, { control }: BackupManifest): string => path.join(backup, control.path);

/** One sentence, or undefined when the file is as it was. */
export function fileFault(file: string, entry: FileEntry): string | undefined {
  if (!existsSync(file)) return `${entry.path}: is not there`;
  try {
    const { bytes, sha256 } = digestOf(file);
    if (bytes !== entry.bytes) return `${entry.path}: ${bytes} bytes in place of ${entry.bytes}`;
    return sha256 === entry.sha256 ? undefined : `${entry.path}: was changed`;
  } catch (error) {
    return `${entry.path}: ${describeError(error).message}`;
  }
}

export interface BackupCheck {
  manifest: BackupManifest;
  /** One sentence each; empty when all is well. */
  faults: string[];
}

/** Throws what `readManifest` throws. */
export function checkBackup(backup: string): BackupCheck {
  const manifest = readManifest(backup);
  const control = fileFault(controlIn(backup, manifest), manifest.control);
  const files = manifest.files.flatMap((entry) => fileFault(fileIn(backup, entry), entry) ?? []);
  const faults = [...(control === undefined ? [] : [control]), ...files];
  // A digest says that it is the same; the check says that it was whole.
  if (control === undefined && manifest.engine === 'sqlite')
    faults.push(...databaseFaults(controlIn(backup, manifest)));
  return { manifest, faults };
}

export function databaseFaults(file: string): string[] {
  try {
    const db = openSqlite(file, { isReadOnly: true });
    try {
      return faultsOf(db, 'whole').map((fault) => `${path.basename(file)}: ${fault}`);
    } finally {
      db.close();
    }
  } catch (error) {
    return [`${path.basename(file)}: ${describeError(error).message}`];
  }
}
