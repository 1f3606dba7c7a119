// Sealing from a private PostgreSQL 15.
import { afterAll, beforeAll } from 'vitest';
import { type PostgresPeer, startPostgres } from '#test/peers/postgres.ts';
import { defineSealerTests } from '#test/repository/sealer-suite.ts';
import { postgresEngine } from '#test/repository/test-engine.ts';

let peer: PostgresPeer | undefined;
beforeAll(async () => {
  peer = await startPostgres();
});
afterAll(() => peer?.stop());

defineSealerTests(postgresEngine(() => peer?.connectionString ?? ''));
