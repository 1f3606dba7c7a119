// Proves back-tests on SQLite.
import { defineBackTestTests } from '#test/repository/back-test-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineBackTestTests(sqliteEngine);
