// Proves reading of the audit trail on SQLite.
import { defineAuditReadTests } from '#test/repository/audit-read-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineAuditReadTests(sqliteEngine);
