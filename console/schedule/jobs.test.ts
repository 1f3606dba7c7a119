import { defineJobsTests } from '#test/repository/jobs-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineJobsTests(sqliteEngine);
