// Connections to PostgreSQL for Kysely: a bounded number, each thrown away when it breaks, and nobody waits for one without end.
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import postgres from 'postgres';
import { AppError } from '#shared/base/errors.ts';

/** PostgreSQL's default allows 100 connections in all; several consoles share them. */
const MAX_CONNECTIONS = 10;
/** For a new connection, and for one that others hold. */
const CONNECT_MS = 10_000;
/** Nobody who stands further back than this would be served within the time. */
const MAX_WAITING = 2_000;
/** For a statement that is running when the console stops. */
const END_MS = 5_000;

export type ConnectionOptions = postgres.Options<Record<string, postgres.PostgresType>>;

const gone = (why: string, cause?: unknown) => new AppError('unavailable', `store: PostgreSQL ${why}`, { cause });

const stopping = () => gone('is not asked any more: the console stops');

/** The words with which an answer says what was done; Kysely counts rows by them. */
type Command = PostgresQueryResult<unknown>['command'];

/**
 * One connection. The driver would open another one when it breaks, and run what follows there: outside of the transaction
 * that began on the first. So a broken one runs nothing any more.
 */
class Connection implements PostgresPoolClient {
  readonly #sql: postgres.Sql;
  readonly #onRelease: (connection: Connection) => void;
  isBroken = false;

  constructor(
    options: ConnectionOptions,
    on: { release: (own: Connection) => void; broken: (own: Connection) => void },
  ) {
    this.#onRelease = on.release;
    this.#sql = postgres({
      ...options,
      max: 1,
      connect_timeout: CONNECT_MS / 1_000,
      // Both would end a connection between two statements of one transaction.
      idle_timeout: undefined,
      max_lifetime: null,
      onclose: () => {
        this.isBroken = true;
        on.broken(this);
      },
    });
  }

  query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(
    text: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof text !== 'string') throw new AppError('internal', 'store: results are not read through cursors');
    return this.#run<R>(text, parameters);
  }

  async #run<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (this.isBroken) throw gone('ended the connection');
    // Kysely gives values that the driver serializes by the server's types; its own types list only some of them.
    const result = await this.#sql.unsafe<R[]>(text, [...parameters] as postgres.ParameterOrJSON<never>[]);
    return { command: result.command as Command, rowCount: result.count, rows: [...result] };
  }

  release(): void {
    this.#onRelease(this);
  }

  /** Breaks off what runs. */
  end(): Promise<void> {
    return this.#sql.end({ timeout: 0 });
  }
}

interface Waiter {
  take: (connection: Connection) => void;
  refuse: (error: Error) => void;
}

export interface PoolOptions {
  connection: ConnectionOptions;
  /** Told when a connection breaks that nobody uses; who uses one is told by what it runs. */
  onError: (error: Error) => void;
  /** How long one waits for a connection. */
  connectMs?: number;
}

export class ConnectionPool implements PostgresPool {
  readonly #options: PoolOptions;
  readonly #connectMs: number;
  readonly #all = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #waiting: Waiter[] = [];
  #isEnding = false;
  #onEmpty = (): void => undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#connectMs = options.connectMs ?? CONNECT_MS;
  }

  async connect(): Promise<PostgresPoolClient> {
    if (this.#isEnding) throw stopping();
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    return this.#all.size < MAX_CONNECTIONS ? this.#open() : this.#wait();
  }

  async #open(): Promise<Connection> {
    const connection = new Connection(this.#options.connection, {
      release: (own) => this.#release(own),
      broken: (own) => this.#drop(own),
    });
    this.#all.add(connection);
    const late = AbortSignal.timeout(this.#connectMs);
    // A server that takes connections and hangs up is tried again by the driver, without end.
    const giveUp = () => void connection.end();
    late.addEventListener('abort', giveUp);
    try {
      await connection.query('select 1', []);
      return connection;
    } catch (error) {
      this.#drop(connection);
      await connection.end();
      throw late.aborted ? gone(`does not answer within ${this.#connectMs / 1_000} s`, error) : error;
    } finally {
      late.removeEventListener('abort', giveUp);
    }
  }

  #wait(): Promise<Connection> {
    if (this.#waiting.length >= MAX_WAITING) throw gone('is asked by too many at once');
    return new Promise((resolve, reject) => {
      const late = AbortSignal.timeout(this.#connectMs);
      const waiter: Waiter = { take: resolve, refuse: reject };
      this.#waiting.push(waiter);
      late.addEventListener('abort', () => {
        const at = this.#waiting.indexOf(waiter);
        if (at < 0) return; // served meanwhile
        this.#waiting.splice(at, 1);
        reject(gone(`: all ${MAX_CONNECTIONS} connections were in use for ${this.#connectMs / 1_000} s`));
      });
    });
  }

  #release(connection: Connection): void {
    if (connection.isBroken) return;
    if (this.#isEnding) return void connection.end();
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(connection);
    else next.take(connection);
  }

  #drop(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    if (this.#all.size === 0) this.#onEmpty();
    const at = this.#idle.indexOf(connection);
    if (at >= 0) {
      this.#idle.splice(at, 1);
      if (!this.#isEnding) this.#options.onError(gone('ended an idle connection'));
    }
    const next = this.#isEnding ? undefined : this.#waiting.shift();
    // Its place is free for who waits longest.
    if (next !== undefined) this.#open().then(next.take, next.refuse);
  }

  /** Who holds a connection may finish with it; after that time it is cut. */
  async end(): Promise<void> {
    this.#isEnding = true;
    for (const waiter of this.#waiting.splice(0)) waiter.refuse(stopping());
    const idle = this.#idle.splice(0);
    const late = AbortSignal.timeout(END_MS);
    late.addEventListener('abort', () => {
      for (const connection of this.#all) void connection.end();
    });
    await Promise.all([...idle.map((connection) => connection.end()), this.#whenEmpty()]);
  }

  #whenEmpty(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      if (this.#all.size === 0) resolve();
    });
  }
}
