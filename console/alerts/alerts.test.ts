// Proves alerts and incidents on SQLite.
import { defineAlertsTests } from '#test/repository/alerts-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineAlertsTests(sqliteEngine);
