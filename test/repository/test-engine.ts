// A fresh, empty store per test on either engine: each suite of test/repository runs on both.
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { openStore, type Store, type StoreOptions } from '#console/store/database.ts';
import type { Engine } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';

export interface TestEngine {
  name: Engine;
  /** Where a new, empty database will be; gone after the test. */
  place(): StoreOptions;
}

export const sqliteEngine: TestEngine = {
  name: 'sqlite',
  place: () => ({ engine: 'sqlite', file: path.join(tempFolder(onTestFinished, 'rmm-store'), 'console.db') }),
};

/** The server is shared; each test has a schema of its own, which goes with the server. */
export function postgresEngine(connectionString: () => string): TestEngine {
  let made = 0;
  return {
    name: 'postgres',
    place: () => {
      made += 1;
      return { engine: 'postgres', connectionString: connectionString(), schema: `test_${made}` };
    },
  };
}

/** Opens a fresh store of this engine, closed when the test has finished. */
export async function freshStore(engine: TestEngine, clock: Clock = new FakeClock()): Promise<Store> {
  const store = await openStore(engine.place(), { clock, random: seededBytes(1) });
  onTestFinished(() => store.close());
  return store;
}
