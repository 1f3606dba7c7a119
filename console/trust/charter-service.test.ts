// Proves the life of charters on SQLite.
import { defineCharterTests } from '#test/repository/charter-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineCharterTests(sqliteEngine);
