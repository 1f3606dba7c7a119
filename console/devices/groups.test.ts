// Proves groups on SQLite.
import { defineGroupsTests } from '#test/repository/groups-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineGroupsTests(sqliteEngine);
