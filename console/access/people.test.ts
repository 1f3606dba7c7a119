// Proves people, links, sessions and tokens on SQLite.
import { definePeopleTests } from '#test/repository/people-suite.ts';
import { defineSessionTests } from '#test/repository/sessions-suite.ts';
import { defineSignInTests } from '#test/repository/sign-in-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

definePeopleTests(sqliteEngine);
defineSignInTests(sqliteEngine);
defineSessionTests(sqliteEngine);
