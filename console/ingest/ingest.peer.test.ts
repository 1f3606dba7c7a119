// Ingest on a private PostgreSQL 15, whose READ COMMITTED lets two consoles race for one watermark.
import { afterAll, beforeAll } from 'vitest';
import { type PostgresPeer, startPostgres } from '#test/peers/postgres.ts';
import { defineIngestTests } from '#test/repository/ingest-suite.ts';
import { postgresEngine } from '#test/repository/test-engine.ts';

let peer: PostgresPeer | undefined;
beforeAll(async () => {
  peer = await startPostgres();
});
afterAll(() => peer?.stop());

defineIngestTests(postgresEngine(() => peer?.connectionString ?? ''));
