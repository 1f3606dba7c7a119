// The two engines behind one set of repositories, and the little SQL in which they differ.
import { type Kysely, SqliteAdapter, type Transaction } from 'kysely';
import type { Tables } from './schema.ts';

export type Engine = 'sqlite' | 'postgres';

/** What a read needs: the store's own handle, or a transaction. */
export type Db = Kysely<Tables>;
/** What a write needs. */
export type Tx = Transaction<Tables>;

export const engineOf = (db: Db): Engine => (db.getExecutor().adapter instanceof SqliteAdapter ? 'sqlite' : 'postgres');

/**
 * For `query.$call(lockRows(tx))`: PostgreSQL runs READ COMMITTED, so what is read to be written is locked until the end of
 * the transaction. SQLite has one writer and needs (and knows) no row locks. References to the row stay possible meanwhile.
 */
export const lockRows =
  (tx: Tx) =>
  <Q extends { forNoKeyUpdate(): Q }>(query: Q): Q =>
    engineOf(tx) === 'postgres' ? query.forNoKeyUpdate() : query;
