// Proves people, links, sessions and tokens on SQLite.
import { definePeopleTests } from '#test/repository/people-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

definePeopleTests(sqliteEngine);
