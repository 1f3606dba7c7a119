// Proves the audit trail on SQLite.
import { defineAuditTests } from '#test/repository/audit-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineAuditTests(sqliteEngine);
