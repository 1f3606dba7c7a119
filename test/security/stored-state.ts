// All that a console's database holds, as one hash per table: what differs between two moments was changed in between.
import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';

export type StoredState = ReadonlyMap<string, string>;

export function storedState(database: Database.Database): StoredState {
  const tables = database
    .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")
    .pluck()
    .all();
  return new Map(tables.map((name) => [String(name), hashOf(database, String(name))]));
}

function hashOf(database: Database.Database, table: string): string {
  const hash = createHash('sha256');
  for (const row of database.prepare(`select * from "${table}"`).raw().iterate()) hash.update(JSON.stringify(row));
  return hash.digest('base64url');
}

export const changedTables = (before: StoredState, after: StoredState): string[] =>
  [...after.keys()].filter((table) => before.get(table) !== after.get(table));
