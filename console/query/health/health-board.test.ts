// The health of devices, on SQLite.
import { defineHealthTests } from '#test/repository/health-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineHealthTests(sqliteEngine);
