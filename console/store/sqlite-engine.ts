// SQLite behind Kysely: one connection, one turn at a time, transactions that take the write lock at once.
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';
import { BoundedQueue } from '#shared/base/bounded-queue.ts';
import { AppError } from '#shared/base/errors.ts';
import { openSqlite } from '#shared/runtime/open-sqlite.ts';
import { isInTransaction } from './current-transaction.ts';
import type { Tables } from './schema.ts';

// 50 relays with 64 batches in flight and every API request wait here and are far fewer; more is overload, said at once.
const MAX_WAITING = 10_000;
// Distinct statement texts: about 200 fixed ones and those of multi-row writes, whose length varies with the batch.
const MAX_STATEMENTS = 1_000;

/** First come, first served; holds back every query while a transaction has the one connection. */
class Turnstile {
  #inside = 0;
  #waiting = new BoundedQueue<() => void>(MAX_WAITING);

  async enter(): Promise<void> {
    if (this.#inside === 0) {
      this.#inside = 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      if (!this.#waiting.push(resolve)) reject(new AppError('unavailable', 'store: too many queries wait'));
    });
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#inside = 0;
    else next();
  }
}

class SerialSqliteDriver extends SqliteDriver {
  #turnstile = new Turnstile();

  override async acquireConnection(): Promise<DatabaseConnection> {
    // It would wait for its own transaction for ever.
    if (isInTransaction()) throw new AppError('internal', 'store: a query outside the transaction, awaited inside it');
    await this.#turnstile.enter();
    return super.acquireConnection();
  }

  override async releaseConnection(): Promise<void> {
    await super.releaseConnection();
    this.#turnstile.leave();
  }

  // A deferred transaction that reads first and writes later fails at once when another process wrote in between.
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

class SerialSqliteDialect extends SqliteDialect {
  #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new SerialSqliteDriver(this.#config);
  }
}

/** Kysely prepares each query anew; statements kept by their text make small writes several times cheaper. */
function keepStatements(prepare: (text: string) => SqliteStatement): (text: string) => SqliteStatement {
  const kept = new Map<string, SqliteStatement>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const statement = prepare(text);
    if (kept.size >= MAX_STATEMENTS) kept.clear();
    kept.set(text, statement);
    return statement;
  };
}

export function openSqliteEngine(file: string): Kysely<Tables> {
  const database = openSqlite(file);
  const prepare = keepStatements((text) => database.prepare(text));
  return new Kysely<Tables>({
    dialect: new SerialSqliteDialect({ database: { prepare, close: () => database.close() } }),
  });
}
