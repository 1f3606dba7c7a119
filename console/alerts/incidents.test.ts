// Proves what people do with incidents, and what the console finds of itself, on SQLite.
import { defineIncidentsTests } from '#test/repository/incidents-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineIncidentsTests(sqliteEngine);
