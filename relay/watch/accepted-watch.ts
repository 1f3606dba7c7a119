// Tells in the audit which watch document is in force, once for each: the record and the mark that it was told are one commit.
import type { Database } from 'better-sqlite3';
import type { EpochMs } from '#shared/base/clock.ts';
import type { AuditRecord } from '#shared/model/record.ts';
import type { WatchDocument } from '#shared/model/watch-policy.ts';

const READ = 'select version from told_watch';
const WRITE = 'insert into told_watch values (1, ?) on conflict (one) do update set version = excluded.version';

export interface ToldDeps {
  transact: <T>(work: (db: Database) => T) => T;
  /** Inside `transact` with it. */
  addRecord: (lane: 0, record: AuditRecord) => void;
}

/**
 * Call it whenever a document is in force, at each start too: a relay that was killed after the document reached its disk tells it then.
 * A spool that was damaged and begun anew has it told again.
 */
export function tellAccepted(
  { transact, addRecord }: ToldDeps,
  document: WatchDocument | undefined,
  at: EpochMs,
): void {
  if (document === undefined) return;
  const { version, layers, windows, routes } = document;
  const parts = `${layers.length} layers, ${windows.length} windows, ${routes.length} routes`;
  transact((db) => {
    if (db.prepare<[], { version: number }>(READ).get()?.version === version) return;
    addRecord(0, { type: 'audit', at, verb: 'watch.accept', detail: `watch document ${version}: ${parts}` });
    db.prepare(WRITE).run(version);
  });
}
