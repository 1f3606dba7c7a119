// A fresh, empty store per test on either engine: each suite of test/repository runs on both.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import { onTestFinished } from 'vitest';
import { openStore, type Store, type StoreOptions } from '#console/store/database.ts';
import { type Engine, engineOf, type Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { makeTempFolder, tempFolder } from '#test/fixtures/temp-folder.ts';

export interface TestEngine {
  name: Engine;
  /** Where a new, empty database will be; gone after the test. */
  place(): StoreOptions;
  /** What `freshStore` lends: PostgreSQL makes its tables once and empties them, which is ten times faster. */
  sharedStore?: () => Promise<Store>;
  /** Ends what is shared, before its server. */
  close?: () => Promise<void>;
}

export const sqliteEngine: TestEngine = {
  name: 'sqlite',
  place: () => ({ engine: 'sqlite', file: path.join(tempFolder(onTestFinished, 'rmm-store'), 'console.db') }),
};

/** The server is shared; each place is a schema of its own, which goes with the server. */
export function postgresEngine(connectionString: () => string): TestEngine {
  let made = 0;
  let shared: Promise<Store> | undefined;
  const schema = (name: string): StoreOptions => ({
    engine: 'postgres',
    connectionString: connectionString(),
    schema: name,
  });
  return {
    name: 'postgres',
    place: () => {
      made += 1;
      return schema(`test_${made}`);
    },
    // One pool for all tests: a new connection costs the server a process that knows no table yet.
    sharedStore: () => (shared ??= openStore(schema('shared'), { clock: new FakeClock(), random: seededBytes(1) })),
    close: async () => (await shared)?.close(),
  };
}

let image: Promise<Uint8Array> | undefined;

/** A migrated SQLite file without content: to copy it takes a tenth of the time of migrating anew. */
async function makeImage(): Promise<Uint8Array> {
  await using folder = makeTempFolder('rmm-store');
  const file = path.join(folder.path, 'console.db');
  const store = await openStore({ engine: 'sqlite', file }, { clock: new FakeClock(), random: seededBytes(1) });
  await store.close();
  return readFileSync(file);
}

/** Opens an empty store of this engine, closed when the test has finished. */
export async function freshStore(engine: TestEngine, clock: Clock = new FakeClock()): Promise<Store> {
  if (engine.sharedStore !== undefined) {
    const store = await engine.sharedStore();
    await empty(store);
    return lent(store);
  }
  const place = engine.place();
  if (place.engine === 'sqlite') {
    image ??= makeImage();
    writeFileSync(place.file, await image, { mode: 0o600 });
  }
  const store = await openStore(place, { clock, random: seededBytes(1) });
  onTestFinished(() => store.close());
  return store;
}

/** A test may close what it was given; the pool goes on. */
const lent = (store: Store): Store => ({
  engine: store.engine,
  db: store.db,
  get incarnation() {
    return store.incarnation;
  },
  transaction: (fn) => store.transaction(fn),
  newIncarnation: () => store.newIncarnation(),
  close: () => Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

/**
 * Only what has rows, and what hangs on it: truncating makes files for each table and all of its indexes. Rows that were deleted instead
 * would leave their places to later ones, which then come in another order.
 */
async function empty(store: Store): Promise<void> {
  await sql`do $$
    declare
      one text;
      has_rows boolean;
      filled text[] := '{}';
    begin
      for one in
        select tablename from pg_tables where schemaname = current_schema()
          and tablename not in ('instance', 'audit_head', 'kysely_migration', 'kysely_migration_lock')
      loop
        execute format('select exists (select 1 from %I)', one) into has_rows;
        if has_rows then filled := filled || quote_ident(one); end if;
      end loop;
      if cardinality(filled) > 0 then execute 'truncate ' || array_to_string(filled, ', ') || ' cascade'; end if;
      for one in select sequencename from pg_sequences where schemaname = current_schema() and last_value is not null
      loop
        execute format('alter sequence %I restart', one);
      end loop;
    end $$`.execute(store.db);
  await store.db
    .updateTable('audit_head')
    .set({ seq: 0, hash: '0'.repeat(64) })
    .execute();
}

/** Holds a transaction open long enough for another one to run into it; on SQLite there is no such moment. */
export async function lingerInside(tx: Tx): Promise<void> {
  if (engineOf(tx) === 'postgres') await sql`select pg_sleep(0.2)`.execute(tx);
}
