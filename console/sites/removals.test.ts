// Proves removals on SQLite.
import { defineRemovalsTests } from '#test/repository/removals-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineRemovalsTests(sqliteEngine);
