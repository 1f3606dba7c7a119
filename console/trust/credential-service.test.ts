// Proves the mailbox of sealed credentials on SQLite.
import { defineCredentialTests } from '#test/repository/credentials-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineCredentialTests(sqliteEngine);
