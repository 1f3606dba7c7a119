// The relay's own cap: device executions in any ten minutes, counted on disk so that a restart does not refill it.
import type { Database, Statement } from 'better-sqlite3';
import { AppError } from '#shared/base/errors.ts';

const WINDOW_MS = 600_000;

export class ExecutionWindow {
  readonly #db: Database;
  readonly #sum: Statement;
  readonly #latest: Statement;
  readonly #insert: Statement;
  readonly #prune: Statement;

  constructor(db: Database) {
    this.#db = db;
    this.#sum = db.prepare('select coalesce(sum(devices), 0) from execution_window where at > ?').pluck();
    this.#latest = db.prepare('select coalesce(max(at), 0) from execution_window').pluck();
    this.#insert = db.prepare('insert into execution_window (at, devices) values (?, ?)');
    this.#prune = db.prepare('delete from execution_window where at <= ?');
  }

  /**
   * Counts `devices` executions at `now`, or throws `cap-exceeded` and counts nothing.
   * A clock that was set back counts from the newest time seen: turning it does not buy executions.
   */
  take(devices: number, now: number, cap: number): void {
    this.#db
      .transaction(() => {
        const at = Math.max(now, Number(this.#latest.get()));
        const used = Number(this.#sum.get(at - WINDOW_MS));
        if (used + devices > cap) {
          throw new AppError(
            'cap-exceeded',
            `${used} devices in the last ten minutes and ${devices} more exceed the charter's ${cap}`,
          );
        }
        this.#prune.run(at - WINDOW_MS);
        this.#insert.run(at, devices);
      })
      .immediate();
  }
}
