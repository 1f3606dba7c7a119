// Proves what happened lately on SQLite.
import { defineRecentTests } from '#test/repository/recent-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineRecentTests(sqliteEngine);
