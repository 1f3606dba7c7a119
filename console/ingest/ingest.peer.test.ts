// Ingest on a private PostgreSQL 15, whose READ COMMITTED lets two consoles race for one watermark.
import { defineIngestTests } from '#test/repository/ingest-suite.ts';
import { withPostgres } from '#test/repository/with-postgres.ts';

defineIngestTests(withPostgres());
