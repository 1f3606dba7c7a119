// Proves event logs of devices and the ways to them on SQLite.
import { defineDeviceLogTests } from '#test/repository/device-log-suite.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';

defineDeviceLogTests(sqliteEngine);
