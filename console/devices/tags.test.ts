// Proves tags and saved views on SQLite.
import { defineTagsTests } from '#test/repository/tags-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineTagsTests(sqliteEngine);
