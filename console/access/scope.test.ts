// Proves scopes on SQLite.
import { defineScopeTests } from '#test/repository/scope-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineScopeTests(sqliteEngine);
