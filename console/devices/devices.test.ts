// Proves devices and rosters on SQLite.
import { defineDevicesTests } from '#test/repository/devices-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineDevicesTests(sqliteEngine);
