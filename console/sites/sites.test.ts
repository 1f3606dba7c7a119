// Proves sites, enrolment tokens and relays on SQLite.
import { defineReplaceTests } from '#test/repository/replace-suite.ts';
import { defineSitesTests } from '#test/repository/sites-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineSitesTests(sqliteEngine);
defineReplaceTests(sqliteEngine);
