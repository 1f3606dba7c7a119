// The mirrors' suite on SQLite; repositories.peer.test.ts runs it on PostgreSQL.
import { defineMirrorTests } from '#test/repository/mirror-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineMirrorTests(sqliteEngine);
