// Proves how long an order is remembered: by signed time, so that a clock that runs ahead forgets nothing.
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { DeviceId, ManifestId } from '#shared/base/id.ts';
import { JOURNAL_SCHEMA, Journal } from './journal.ts';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

function journal() {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = ON');
  db.exec(JOURNAL_SCHEMA);
  const made = new Journal({
    transact: (work) => (db.inTransaction ? work(db) : db.transaction(work).immediate(db)),
    addRecords: () => undefined,
  });
  const finished = (n: number, expiresAt: number) => {
    const manifest = ManifestId.parse(id(n));
    const outcome = { type: 'outcome' as const, manifest, device: DeviceId.parse(id(1)), at: NOW };
    made.accept({ id: manifest, signed: '{}', expiresAt, at: NOW }, [{ ...outcome, state: 'accepted' }]);
    made.advance([{ ...outcome, state: 'cancelled' }]);
    return manifest;
  };
  return { made, finished };
}

test('a finished order is forgotten a month after it expired', () => {
  const { made, finished } = journal();
  const old = finished(2, NOW);
  const young = finished(3, NOW + 31 * DAY);
  made.forgetOlderThan(NOW + 32 * DAY);
  expect([old, young].map((order) => made.entriesOf(order).length)).toEqual([0, 1]);
});

test('a clock that is years ahead makes no order unknown, which could then be run a second time', () => {
  const { made, finished } = journal();
  const order = finished(2, NOW + DAY);
  made.forgetOlderThan(NOW + 10 * 365 * DAY);
  expect(made.entriesOf(order)).toHaveLength(1);
});
