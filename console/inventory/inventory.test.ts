// Proves facts on SQLite.
import { defineInventoryTests } from '#test/repository/inventory-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineInventoryTests(sqliteEngine);
