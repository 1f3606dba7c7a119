// Proves jobs and retention of customers on SQLite.
import { defineJobsTests } from '#test/repository/jobs-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineJobsTests(sqliteEngine);
