// The relay's own cap: device executions in any ten minutes, counted on disk so that a restart does not refill it.
import type { Database } from 'better-sqlite3';
import { AppError } from '#shared/base/errors.ts';

const WINDOW_MS = 600_000;

const LATEST = 'select coalesce(max(at), 0) from execution_window';
const SUM = 'select coalesce(sum(devices), 0) from execution_window where at > ?';
const PRUNE = 'delete from execution_window where at <= ?';
const INSERT = 'insert into execution_window (at, devices) values (?, ?)';

/**
 * Counts `devices` executions at `now`, or throws `cap-exceeded` and counts nothing. Call it inside a transaction.
 * A clock that was set back counts from the newest time seen: turning it does not buy executions.
 */
export function takeExecutions(db: Database, devices: number, now: number, cap: number): void {
  const at = Math.max(now, Number(db.prepare(LATEST).pluck().get()));
  const used = Number(
    db
      .prepare(SUM)
      .pluck()
      .get(at - WINDOW_MS),
  );
  if (used + devices > cap) {
    throw new AppError(
      'cap-exceeded',
      `${used} devices in the last ten minutes and ${devices} more exceed the charter's ${cap}`,
    );
  }
  db.prepare(PRUNE).run(at - WINDOW_MS);
  db.prepare(INSERT).run(at, devices);
}
