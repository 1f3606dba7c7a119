// Proves standing orders and firings on SQLite.
import { defineStandingTests } from '#test/repository/standing-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineStandingTests(sqliteEngine);
