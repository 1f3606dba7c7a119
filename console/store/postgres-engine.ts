// PostgreSQL behind Kysely: a bounded pool with time-outs; integers as safe numbers, as on SQLite.
import { Kysely, PostgresDialect } from 'kysely';
import { AppError } from '#shared/base/errors.ts';
import { readPostgresAddress } from './postgres-address.ts';
import { type ConnectionOptions, ConnectionPool } from './postgres-pool.ts';
import type { Tables } from './schema.ts';

const INT8 = 20;

function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new AppError('internal', `store: integer ${text} is not safe`);
  return value;
}

export interface PostgresOptions {
  connectionString: string;
  /** A schema of its own inside the database; made when it does not exist. */
  schema?: string | undefined;
  /** Told of errors of idle connections (server restart); queries get their own. */
  onError?: ((error: Error) => void) | undefined;
}

function connectionOf({ connectionString, schema }: PostgresOptions): ConnectionOptions {
  return {
    ...readPostgresAddress(connectionString, process.env),
    connection: {
      application_name: 'rmm console',
      // No control-plane statement takes a second; these free the locks of one that hangs.
      statement_timeout: 30_000,
      lock_timeout: 10_000,
      idle_in_transaction_session_timeout: 30_000,
      ...(schema === undefined ? {} : { search_path: schema }),
    },
    types: { int8: { to: INT8, from: [INT8], parse: parseInt8, serialize: String } },
    transform: { undefined: null },
    // No array is read: the server's list of types is not asked for.
    fetch_types: false,
    // Statements are as many as lists are long; named ones would stay at the server for as long as the connection.
    prepare: false,
    onnotice: () => undefined,
  };
}

export function openPostgresEngine(options: PostgresOptions): Kysely<Tables> {
  const pool = new ConnectionPool({
    connection: connectionOf(options),
    onError: (error) => options.onError?.(error),
  });
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
