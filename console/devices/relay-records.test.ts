// Proves states, identities and leaves on SQLite.
import { defineRelayRecordsTests } from '#test/repository/relay-records-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineRelayRecordsTests(sqliteEngine);
