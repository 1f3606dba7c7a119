// Opens the control plane's database on either engine, migrated and ready, with transactions that never interleave.
import type { Kysely } from 'kysely';
import { type Clock, systemClock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { type RandomBytes, systemRandom } from '#shared/base/id.ts';
import { isInTransaction, markTransaction } from './current-transaction.ts';
import type { Engine, Tx } from './engine.ts';
import { ensureInstance, replaceIncarnation } from './instance.ts';
import { migrate } from './migrate.ts';
import { openPostgresEngine } from './postgres-engine.ts';
import type { Tables } from './schema.ts';
import { openSqliteEngine } from './sqlite-engine.ts';

export type StoreOptions =
  | { engine: 'sqlite'; file: string }
  | {
      engine: 'postgres';
      connectionString: string;
      schema?: string | undefined;
      onError?: ((error: Error) => void) | undefined;
    };

export interface Store {
  readonly engine: Engine;
  /** For reads and single statements. Inside `transaction` use its `tx` alone. */
  readonly db: Kysely<Tables>;
  /** Which life of the database this is; WELCOME carries it. */
  readonly incarnation: string;
  /**
   * All or nothing. Await nothing but database calls inside: on SQLite everybody else waits. `fn` may run again from its
   * beginning when PostgreSQL ends a deadlock, so it has no effect but its return value and what
   * it leaves to `afterCommit` of current-transaction.ts.
   */
  transaction<T>(fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** After a restore from a backup: relays send again what they kept. */
  newIncarnation(): Promise<string>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

interface StoreDeps {
  clock: Clock;
  random: RandomBytes;
}

// A deadlock's loser meets at most a few winners; more than this is no deadlock but a bug.
const MAX_ATTEMPTS = 5;
const DEADLOCK = '40P01';
const SERIALIZATION_FAILURE = '40001';

function isRepeatable(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === DEADLOCK || error.code === SERIALIZATION_FAILURE;
}

class OpenStore implements Store {
  readonly engine: Engine;
  readonly db: Kysely<Tables>;
  #incarnation: string;
  #deps: StoreDeps;

  constructor(engine: Engine, db: Kysely<Tables>, incarnation: string, deps: StoreDeps) {
    this.engine = engine;
    this.db = db;
    this.#incarnation = incarnation;
    this.#deps = deps;
  }

  get incarnation(): string {
    return this.#incarnation;
  }

  async transaction<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
    if (isInTransaction()) throw new AppError('internal', 'store: a transaction inside a transaction');
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await runTransaction(this.db, fn);
      } catch (error) {
        if (attempt >= MAX_ATTEMPTS || !isRepeatable(error)) throw error;
      }
    }
  }

  async newIncarnation(): Promise<string> {
    const { clock, random } = this.#deps;
    this.#incarnation = await this.transaction((tx) => replaceIncarnation(tx, clock.now(), random));
    return this.#incarnation;
  }

  close(): Promise<void> {
    return this.db.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function runTransaction<T>(db: Kysely<Tables>, fn: (tx: Tx) => Promise<T>): Promise<T> {
  return markTransaction((enter) => db.transaction().execute((tx) => enter(() => fn(tx))));
}

const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

function openEngine(options: StoreOptions): { db: Kysely<Tables>; where: string; schema?: string } {
  if (options.engine === 'sqlite') return { db: openSqliteEngine(options.file), where: options.file };
  const { schema } = options;
  if (schema === undefined) return { db: openPostgresEngine(options), where: 'PostgreSQL' };
  if (!SCHEMA_NAME.test(schema))
    throw new AppError('config-invalid', `PostgreSQL schema "${schema}": not a plain name`);
  return { db: openPostgresEngine(options), where: `PostgreSQL schema ${schema}`, schema };
}

/** Throws `store-newer` when a later release wrote the database, `store-unfit` when the engine is not to be trusted. */
export async function openStore(
  options: StoreOptions,
  deps: StoreDeps = { clock: systemClock, random: systemRandom },
): Promise<Store> {
  const { db, where, schema } = openEngine(options);
  try {
    await migrate(db, options.engine, where, schema);
    const incarnation = await runTransaction(db, (tx) => ensureInstance(tx, deps.clock.now(), deps.random));
    return new OpenStore(options.engine, db, incarnation, deps);
  } catch (error) {
    await db.destroy();
    throw error;
  }
}
