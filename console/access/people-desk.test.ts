// Proves the managing of people on SQLite.
import { definePeopleDeskTests } from '#test/repository/people-desk-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

definePeopleDeskTests(sqliteEngine);
