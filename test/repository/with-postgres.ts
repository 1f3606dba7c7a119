// A private PostgreSQL 15 for the suites of one file, from before its first test until after its last.
import { afterAll, beforeAll } from 'vitest';
import { type PostgresPeer, startPostgres } from '#test/peers/postgres.ts';
import { postgresEngine, type TestEngine } from './test-engine.ts';

export function withPostgres(): TestEngine {
  let peer: PostgresPeer | undefined;
  const engine = postgresEngine(() => peer?.connectionString ?? '');
  beforeAll(async () => {
    peer = await startPostgres();
  });
  afterAll(async () => {
    await engine.close?.();
    await peer?.stop();
  });
  return engine;
}
