// A whole copy of an SQLite database while somebody writes into it, checked before it counts as one.
import { chmodSync } from 'node:fs';
import path from 'node:path';
import type Database from 'better-sqlite3';
import { AppError } from '#shared/base/errors.ts';
import { openSqlite } from '#shared/runtime/open-sqlite.ts';
import { makeFolder, roomOrRethrow, syncPath } from './durable-copy.ts';

/** All pages in one step: a copy in several steps begins anew whenever another connection has written in between. */
const ALL_PAGES = 0x7fff_ffff;

/** What SQLite finds wrong with a database; empty when nothing is. `quick` passes over the order of indexes. */
export function faultsOf(db: Database.Database, kind: 'quick' | 'whole'): string[] {
  // Ten are enough to know that it is damaged.
  const rows = db.pragma(kind === 'quick' ? 'quick_check(10)' : 'integrity_check(10)', { simple: false });
  const texts = (rows as Array<Record<string, unknown>>).map((row) => String(Object.values(row)[0])); // one column of text
  return texts.length === 1 && texts[0] === 'ok' ? [] : texts;
}

/** What a control plane's database says of itself; empty texts for any other. */
export interface Said {
  migration: string;
  incarnation: string;
}

function saidBy(db: Database.Database): Said {
  const has = db.prepare<[string]>(`select 1 from sqlite_master where type = 'table' and name = ?`).pluck();
  if (has.get('instance') === undefined) return { migration: '', incarnation: '' };
  const text = (query: string) => String(db.prepare(query).pluck().get() ?? '');
  return {
    migration: text('select max(name) from kysely_migration'),
    incarnation: text('select incarnation from instance where id = 1'),
  };
}

/** Runs beside the writer: it reads one state of the database, and holds nobody up who writes in WAL mode. */
export async function snapshotSqlite(source: string, target: string): Promise<Said> {
  makeFolder(path.dirname(target));
  const db = openSqlite(source, { isReadOnly: true });
  try {
    await db.backup(target, { progress: () => ALL_PAGES });
  } catch (error) {
    roomOrRethrow(error, target);
  } finally {
    db.close();
  }
  chmodSync(target, 0o600);
  const said = tidyCopy(source, target);
  syncPath(target);
  return said;
}

function tidyCopy(source: string, target: string): Said {
  const copy = openSqlite(target);
  try {
    // One file that needs no journal beside it.
    copy.pragma('journal_mode = DELETE');
    const faults = faultsOf(copy, 'quick');
    if (faults.length > 0)
      throw new AppError('store-unfit', `${source}: the database is damaged, no backup was made of it: ${faults[0]}`);
    return saidBy(copy);
  } finally {
    copy.close();
  }
}
