// Proves who is told, when, and why, on SQLite.
import { defineNotifyTests } from '#test/repository/notify-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineNotifyTests(sqliteEngine);
