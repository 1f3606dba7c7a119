// The relay's own cap: device executions in any ten minutes, counted on disk so that a restart does not refill it.
import type { Database } from 'better-sqlite3';
import { AppError } from '#shared/base/errors.ts';

const WINDOW_MS = 600_000;

const SUM = 'select coalesce(sum(devices), 0) from execution_window where at > ?';
const PRUNE = 'delete from execution_window where at <= ?';
const INSERT = 'insert into execution_window (at, devices) values (?, ?)';
const MEND = 'update execution_window set at = ? where at > ?';

/**
 * After a clock was set back, what was counted in what is now the future counts as of now: turning it buys nothing, and
 * a clock that was years ahead blocks ten minutes, not years. In a commit of its own, which a refusal does not undo.
 */
export function mendWindow(db: Database, now: number): void {
  db.prepare(MEND).run(now, now);
}

/** Counts `devices` executions at `now`, or throws `cap-exceeded` and counts nothing. Call it inside a transaction. */
export function takeExecutions(db: Database, devices: number, now: number, cap: number): void {
  const used = Number(
    db
      .prepare(SUM)
      .pluck()
      .get(now - WINDOW_MS),
  );
  if (used + devices > cap) {
    throw new AppError(
      'cap-exceeded',
      `${used} devices in the last ten minutes and ${devices} more exceed the charter's ${cap}`,
    );
  }
  db.prepare(PRUNE).run(now - WINDOW_MS);
  db.prepare(INSERT).run(now, devices);
}
