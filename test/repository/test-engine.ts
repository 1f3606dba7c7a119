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
  /** Where `freshStore` opens: PostgreSQL makes its tables once and empties them, which is ten times faster. */
  sharedPlace?: StoreOptions;
}

export const sqliteEngine: TestEngine = {
  name: 'sqlite',
  place: () => ({ engine: 'sqlite', file: path.join(tempFolder(onTestFinished, 'rmm-store'), 'console.db') }),
};

/** The server is shared; each place is a schema of its own, which goes with the server. */
export function postgresEngine(connectionString: () => string): TestEngine {
  let made = 0;
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
    get sharedPlace() {
      return schema('shared');
    },
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
  const place = engine.sharedPlace ?? engine.place();
  if (place.engine === 'sqlite') {
    image ??= makeImage();
    writeFileSync(place.file, await image, { mode: 0o600 });
  }
  const store = await openStore(place, { clock, random: seededBytes(1) });
  onTestFinished(() => store.close());
  if (engine.sharedPlace !== undefined) await empty(store);
  return store;
}

async function empty(store: Store): Promise<void> {
  const kept = ['instance', 'audit_head', 'kysely_migration', 'kysely_migration_lock'];
  const tables = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = current_schema()`.execute(store.db);
  const names = tables.rows.map((row) => row.name).filter((name) => !kept.includes(name));
  await sql`truncate ${sql.join(names.map((name) => sql.table(name)))} restart identity`.execute(store.db);
  await store.db
    .updateTable('audit_head')
    .set({ seq: 0, hash: '0'.repeat(64) })
    .execute();
}

/** Holds a transaction open long enough for another one to run into it; on SQLite there is no such moment. */
export async function lingerInside(tx: Tx): Promise<void> {
  if (engineOf(tx) === 'postgres') await sql`select pg_sleep(0.2)`.execute(tx);
}
