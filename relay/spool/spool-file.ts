// Opens the spool's database file; a file that cannot be read is moved aside and a fresh one (a new epoch) takes its place.
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import type Database from 'better-sqlite3';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { openSqlite } from '#shared/runtime/open-sqlite.ts';
import { BatchStore } from './batch-store.ts';

/** Layout of the tables; a file of a later release is refused by name, never guessed at. */
const LAYOUT = 1;

export interface SpoolFileOptions {
  file: string;
  quotaBytes: number;
  synchronous: 'FULL' | 'NORMAL';
  /** Makes tables of other rooms that share the file (the journal of execute), each time a file is opened. */
  prepare: (db: Database.Database) => void;
}

/** Is this SQLite's word for a damaged file? */
export function isCorruption(error: unknown): boolean {
  const code = sqliteCode(error);
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB';
}

/** No page can be had: the quota is used up, or the disk is. */
export function isFull(error: unknown): boolean {
  return sqliteCode(error) === 'SQLITE_FULL' || nodeCode(error) === 'ENOSPC';
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
const nodeCode = codeOf;
const sqliteCode = (error: unknown): string => {
  const code = codeOf(error);
  return code.startsWith('SQLITE_') ? code : '';
};

/** Opens or makes the file. `damage` is why an earlier file was moved aside, if it was. */
export function openSpoolFile(options: SpoolFileOptions, now: EpochMs): { store: BatchStore; damage?: string } {
  mkdirSync(path.dirname(options.file), { recursive: true, mode: 0o700 });
  try {
    return { store: openStore(options) };
  } catch (error) {
    if (!isCorruption(error)) throw error;
    const aside = moveAside(options.file, now);
    const reason = error instanceof Error ? error.message : String(error);
    return { store: openStore(options), damage: `${reason}; kept as ${path.basename(aside)}` };
  }
}

/** Renames a damaged file and its companions; SQLite would replay an old log into a new file otherwise. */
export function moveAside(file: string, now: EpochMs): string {
  let aside = `${file}.corrupt-${now}`;
  for (let i = 1; existsSync(aside); i += 1) aside = `${file}.corrupt-${now}-${i}`;
  for (const ending of ['', '-wal', '-shm']) {
    if (existsSync(file + ending)) renameSync(file + ending, aside + ending);
  }
  return aside;
}

function openStore({ file, quotaBytes, synchronous, prepare }: SpoolFileOptions): BatchStore {
  const db = openSqlite(file, { maxBytes: quotaBytes, synchronous });
  try {
    checkLayout(db, file);
    const store = new BatchStore(db);
    prepare(db);
    db.pragma(`user_version = ${LAYOUT}`);
    return store;
  } catch (error) {
    db.close();
    throw error;
  }
}

function checkLayout(db: Database.Database, file: string): void {
  const layout = Number(db.pragma('user_version', { simple: true }));
  if (layout > LAYOUT) {
    throw new AppError('store-newer', `${file}: layout ${layout} is newer than ${LAYOUT}, this release cannot read it`);
  }
}
