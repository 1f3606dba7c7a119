// Proves edits, removals and defaults of devices on SQLite.
import { defineDeviceEditsTests } from '#test/repository/device-edits-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineDeviceEditsTests(sqliteEngine);
