// Makes a whole backup beside a console that takes in data: the database first, then the files, none of them half.
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#shared/base/errors.ts';
import { writePrivateFile } from '#shared/crypto/private-file.ts';
import { VERSION } from '#shared/runtime/version.ts';
import { filesOf, isDatabase, markOf } from './backup-files.ts';
import {
  type BackupManifest,
  FILES_FOLDER,
  type FileEntry,
  MANIFEST_FILE,
  PARTIAL,
  POSTGRES_DUMP,
  readManifest,
  SQLITE_SNAPSHOT,
  sizeOf,
} from './backup-manifest.ts';
import { backupName, removeOldest, removePartials, wholeBackups } from './backup-shelf.ts';
import { copyDurably, digestOf, linkIfPossible, makeFolder, syncPath } from './durable-copy.ts';
import { dumpPostgres } from './postgres-tools.ts';
import { snapshotSqlite } from './snapshot-sqlite.ts';
import { readRoom } from './storage.ts';

export interface BackupWish {
  /** The data folder of the console. */
  data: string;
  /** Where backups stand. */
  folder: string;
  keep: number;
  now: number;
  /** Where PostgreSQL holds the control plane: its address, and what its newest migration and incarnation are. */
  postgres?: { address: string; migration: string; incarnation: string } | undefined;
}

export interface BackupReport {
  name: string;
  path: string;
  files: number;
  bytes: number;
  /** Of these, bytes that the backup before has too: they take no room twice. */
  linkedBytes: number;
  /** Older backups that went. */
  removed: string[];
}

/** A file may come into being while others are copied: a day that is closed. Three looks find all that a day's jobs do. */
const MOST_LOOKS = 5;

export async function makeBackup(wish: BackupWish): Promise<BackupReport> {
  const { folder, now, keep } = wish;
  makeFolder(folder);
  removePartials(folder);
  const [name, before] = [backupName(now), readNewest(folder)];
  const [partial, whole] = [path.join(folder, `${name}${PARTIAL}`), path.join(folder, name)];
  refuseWithoutRoom(wish, before?.manifest);
  makeFolder(partial);
  const control = await copyControl(wish, partial);
  const copied = await copyFiles(wish, partial, before);
  const manifest: BackupManifest = {
    ...{ format: 1, madeAt: now, version: VERSION, engine: wish.postgres === undefined ? 'sqlite' : 'postgres' },
    ...control,
    files: copied.files,
  };
  writePrivateFile(path.join(partial, MANIFEST_FILE), `${JSON.stringify(manifest)}\n`);
  renameSync(partial, whole);
  syncPath(folder);
  const report = { name, path: whole, files: manifest.files.length + 1, bytes: sizeOf(manifest) };
  return { ...report, linkedBytes: copied.linkedBytes, removed: removeOldest(folder, keep) };
}

interface Before {
  path: string;
  manifest: BackupManifest;
  files: ReadonlyMap<string, FileEntry>;
}

function readNewest(folder: string): Before | undefined {
  for (const name of wholeBackups(folder)) {
    try {
      const manifest = readManifest(path.join(folder, name));
      const files = new Map(manifest.files.map((file) => [file.path, file]));
      return { path: path.join(folder, name), manifest, files };
    } catch {
      // Nothing is linked to a backup that does not read.
    }
  }
  return undefined;
}

/** What will be copied, as far as it can be told: a backup that fills the disk helps nobody. */
function refuseWithoutRoom({ data, folder }: BackupWish, before: BackupManifest | undefined): void {
  const known = new Map(before?.files.map((file) => [file.path, file.mark]));
  const control = markOf(path.join(data, 'console.db'));
  const marks = filesOf(data, folder)
    .map((file) => [file, markOf(path.join(data, file))] as const)
    .filter(([file, mark]) => mark !== undefined && known.get(file) !== mark);
  const bytesOf = (mark = ''): number => mark.split(' ').reduce((sum, one) => sum + Number(one.split('@')[0]), 0);
  const needed = marks.reduce((sum, [, mark]) => sum + bytesOf(mark), bytesOf(control));
  const { freeBytes } = readRoom(folder);
  if (needed > freeBytes)
    throw new AppError('disk-full', `${folder}: a backup takes ${needed} bytes, and ${freeBytes} are free`);
}

async function copyControl(
  { data, postgres }: BackupWish,
  partial: string,
): Promise<Pick<BackupManifest, 'control' | 'migration' | 'incarnation'>> {
  if (postgres !== undefined) {
    const target = path.join(partial, POSTGRES_DUMP);
    await dumpPostgres(postgres.address, target);
    const { migration, incarnation } = postgres;
    return { control: { path: POSTGRES_DUMP, ...digestOf(target) }, migration, incarnation };
  }
  const target = path.join(partial, SQLITE_SNAPSHOT);
  const said = await snapshotSqlite(path.join(data, 'console.db'), target);
  return { control: { path: SQLITE_SNAPSHOT, ...digestOf(target) }, ...said };
}

/** A look at the folder, then another until nothing new is found: what is closed meanwhile has gone from its old place. */
async function copyFiles(
  { data, folder }: BackupWish,
  partial: string,
  before: Before | undefined,
): Promise<{ files: FileEntry[]; linkedBytes: number }> {
  const taken = new Map<string, Taken>();
  // Where a file went, what it held may stand in one that was taken before: a day that is closed again has its old name.
  let hasGone = false;
  const isDue = (file: string) => {
    const before = taken.get(file);
    return (
      before === undefined || (hasGone && before.entry.mark !== undefined && !isDatabase(file) && isNew(file, before))
    );
  };
  const isNew = (file: string, { entry }: Taken) => markOf(path.join(data, file)) !== entry.mark;
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const due = filesOf(data, folder).filter(isDue);
    if (due.length === 0) break;
    for (const file of due) {
      rmSync(path.join(partial, FILES_FOLDER, file), { force: true });
      const one = await takeFile({ file, data, partial, before });
      if (one === undefined) {
        taken.delete(file);
        hasGone = true;
      } else taken.set(file, one);
    }
  }
  const all = [...taken.values()];
  const linkedBytes = all.reduce((sum, { entry, isLinked }) => sum + (isLinked ? entry.bytes : 0), 0);
  return { files: all.map(({ entry }) => entry), linkedBytes };
}

interface Taken {
  entry: FileEntry;
  isLinked: boolean;
}

interface Taking {
  file: string;
  data: string;
  partial: string;
  before: Before | undefined;
}

/** Undefined when the file went meanwhile: what it held stands under another name. */
async function takeFile(taking: Taking): Promise<Taken | undefined> {
  const { file, data, partial, before } = taking;
  const [source, target] = [path.join(data, file), path.join(partial, FILES_FOLDER, file)];
  const mark = markOf(source);
  if (mark === undefined) return undefined;
  const known = before?.files.get(file);
  // Only days are large; keys are written anew each time.
  const isDay = file.startsWith('metrics/');
  if (isDay && before !== undefined && known?.mark === mark)
    if (linkIfPossible(path.join(before.path, FILES_FOLDER, file), target)) return { entry: known, isLinked: true };
  try {
    if (isDatabase(file)) {
      await snapshotSqlite(source, target);
      return { entry: { path: file, ...digestOf(target), ...(isDay && { mark }) }, isLinked: false };
    }
    return { entry: { path: file, ...copyDurably(source, target), ...(isDay && { mark }) }, isLinked: false };
  } catch (error) {
    if (markOf(source) === undefined) return undefined;
    throw error;
  }
}
