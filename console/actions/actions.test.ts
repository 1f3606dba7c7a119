// Proves the queue of actions and their outcomes on SQLite.
import { defineActionsTests } from '#test/repository/actions-suite.ts';
import { defineCanaryTests } from '#test/repository/canary-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineActionsTests(sqliteEngine);
defineCanaryTests(sqliteEngine);
