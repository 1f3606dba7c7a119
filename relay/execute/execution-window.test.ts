// Proves that neither time nor a turned clock buys executions, and that a clock that was wrong blocks nothing for ever.
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Tier } from '#shared/model/action-tier.ts';
import { mendWindow, takeExecutions } from './execution-window.ts';
import { JOURNAL_SCHEMA } from './journal.ts';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

function window() {
  const db = new Database(':memory:');
  db.exec(JOURNAL_SCHEMA);
  return (now: number, devices = 20, tier: Tier = 't3') => {
    db.transaction(() => mendWindow(db, now))();
    db.transaction(() => takeExecutions(db, { devices, now, tier, tierCap: 20, cap: 25 }))();
  };
}

test('the cap is free again after ten minutes', () => {
  const take = window();
  take(NOW);
  expect(() => take(NOW + 9 * MINUTE, 1)).toThrow('exceed');
  take(NOW + 10 * MINUTE);
});

test('a clock that is set back buys nothing', () => {
  const take = window();
  take(NOW);
  expect(() => take(NOW - 3_600_000, 1)).toThrow('exceed');
  expect(() => take(NOW - 3_600_000 + 9 * MINUTE, 1)).toThrow('exceed');
});

test('executions counted under a clock that was years ahead are forgotten ten minutes after it was set right', () => {
  const take = window();
  take(NOW + 10 * 365 * 86_400_000);
  expect(() => take(NOW, 1)).toThrow('exceed');
  expect(() => take(NOW + 5 * MINUTE, 1)).toThrow('exceed');
  take(NOW + 10 * MINUTE);
});

test('each tier has its own count beside that of all, and neither comes back with a clock set back', () => {
  const take = window();
  take(NOW, 10, 't1');
  expect(() => take(NOW, 11, 't1')).toThrow("exceed the charter's 20 of t1");
  take(NOW, 15, 't2');
  expect(() => take(NOW, 1, 't3')).toThrow("exceed the charter's 25");
  expect(() => take(NOW - 3_600_000, 1, 't3')).toThrow('exceed');
});
