// PostgreSQL behind Kysely: a bounded pool with time-outs; integers as safe numbers, as on SQLite.
import { Kysely, PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';
import { AppError } from '#shared/base/errors.ts';
import type { Tables } from './schema.ts';

const INT8 = 20;

function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new AppError('internal', `store: integer ${text} is not safe`);
  return value;
}

// pg's own types call the second argument "any format of any parser"; only int8 as text differs from the defaults.
const getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  oid === INT8 && format !== 'binary' ? parseInt8 : types.getTypeParser(oid, format)) as typeof types.getTypeParser;

export interface PostgresOptions {
  connectionString: string;
  /** A schema of its own inside the database; made when it does not exist. */
  schema?: string | undefined;
  /** Told of errors of idle connections (server restart); queries get their own. */
  onError?: ((error: Error) => void) | undefined;
}

export function openPostgresEngine(options: PostgresOptions): Kysely<Tables> {
  const pool = new Pool({
    connectionString: options.connectionString,
    // PostgreSQL's default allows 100 connections in all; several consoles share them.
    max: 10,
    connectionTimeoutMillis: 10_000,
    // No control-plane statement takes a second; these free the locks of one that hangs.
    statement_timeout: 30_000,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 30_000,
    types: { getTypeParser },
    ...(options.schema === undefined ? {} : { options: `-c search_path=${options.schema}` }),
  });
  // An idle connection that breaks must not end the process; the pool replaces it.
  pool.on('error', (error) => options.onError?.(error));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
