// The one place that opens an SQLite file: WAL, FULL, and a version floor, so that an acknowledged row survives a power cut.
import { closeSync, fchmodSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError } from '#shared/base/errors.ts';
import { nodeAdvice } from '#shared/base/fit-node.ts';

// 3.51.3 is the first release with the fix for the WAL-reset corruption.
const VERSION_FLOOR = [3, 51, 3] as const;

export interface OpenSqliteOptions {
  /** Upper bound of the file; DELETE and checkpoints keep working at the bound. */
  maxBytes?: number;
  isReadOnly?: boolean;
  /**
   * A file of its own kind: pages of this size, freed ones given back by `incremental_vacuum`, and a rollback journal that is empty
   * between transactions, so that the one file is all there is. Without it: WAL.
   */
  packed?: { pageBytes: number };
  /** The power-loss self-check plants NORMAL to prove that it would be caught. Nothing else sets this. */
  synchronous?: 'FULL' | 'NORMAL';
}

const PAGE_BYTES = 4_096;

/** Is `version` ("3.53.2") at least the floor? */
export function isVersionFit(version: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [i, floor] of VERSION_FLOOR.entries()) {
    const part = parts[i] ?? 0;
    if (part !== floor) return part > floor;
  }
  return true;
}

/**
 * Readable by nobody else, whatever the folder and the umask allow: the files hold addresses, outputs and hashes of secrets.
 * SQLite gives its WAL and index the mode of the file.
 */
function keepPrivate(file: string): void {
  // Windows has no such bits; a database in memory has no file.
  if (process.platform === 'win32' || file === ':memory:') return;
  const fd = openSync(file, 'a', 0o600);
  try {
    fchmodSync(fd, 0o600);
  } finally {
    closeSync(fd);
  }
}

/** Opens (and creates) `file` with durable settings; throws `store-unfit` when the engine is too old or this Node would abort it. */
export function openSqlite(file: string, options: OpenSqliteOptions = {}): Database.Database {
  const advice = nodeAdvice(process.version);
  if (advice !== undefined)
    throw new AppError('store-unfit', `${file}: not opened under Node ${process.version}: ${advice}`);
  if (!options.isReadOnly) keepPrivate(file);
  const db = new Database(file, { readonly: options.isReadOnly ?? false, timeout: 5_000 });
  const version = String(db.prepare('select sqlite_version()').pluck().get());
  if (!isVersionFit(version)) {
    db.close();
    throw new AppError('store-unfit', `${file}: SQLite ${version} is older than ${VERSION_FLOOR.join('.')}`);
  }
  if (!options.isReadOnly) {
    if (options.packed !== undefined) {
      // Both count before the first table is made, and change nothing afterwards.
      db.pragma(`page_size = ${options.packed.pageBytes}`);
      db.pragma('auto_vacuum = INCREMENTAL');
    }
    db.pragma(`journal_mode = ${options.packed === undefined ? 'WAL' : 'TRUNCATE'}`);
    db.pragma(`synchronous = ${options.synchronous ?? 'FULL'}`);
    db.pragma('foreign_keys = ON');
    // A WAL that grew in a burst shrinks again to this size at the next checkpoint.
    db.pragma('journal_size_limit = 67108864');
    if (options.maxBytes !== undefined) db.pragma(`max_page_count = ${Math.floor(options.maxBytes / PAGE_BYTES)}`);
  }
  return db;
}
