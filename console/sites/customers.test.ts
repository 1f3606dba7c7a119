// Proves customers on SQLite.
import { defineCustomersTests } from '#test/repository/customers-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineCustomersTests(sqliteEngine);
