// All that a console's database holds, as one hash per table: what differs between two moments was changed in between.
import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';

/** What the console writes by its own clock, whoever asks for what. */
const OWN_PACE: ReadonlySet<string> = new Set(['audit_checkpoint']);

export type StoredState = ReadonlyMap<string, string>;

export function storedState(database: Database.Database): StoredState {
  const tables = database
    .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")
    .pluck()
    .all();
  const names = tables.map(String).filter((name) => !OWN_PACE.has(name));
  return new Map(names.map((name) => [name, hashOf(database, name)]));
}

function hashOf(database: Database.Database, table: string): string {
  const hash = createHash('sha256');
  for (const row of database.prepare(`select * from "${table}"`).raw().iterate()) hash.update(JSON.stringify(row));
  return hash.digest('base64url');
}

export const changedTables = (before: StoredState, after: StoredState): string[] =>
  [...after.keys()].filter((table) => before.get(table) !== after.get(table));
