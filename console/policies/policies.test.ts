// Proves drafts, documents, membership and parents on SQLite.
import { definePolicyTests } from '#test/repository/policies-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

definePolicyTests(sqliteEngine);
