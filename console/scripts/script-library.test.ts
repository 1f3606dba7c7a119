// Proves the library of scripts on SQLite.
import { defineScriptTests } from '#test/repository/scripts-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineScriptTests(sqliteEngine);
