// Proves how long an order is remembered: by signed time, so that a clock that runs ahead forgets nothing.
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { DeviceId, ManifestId } from '#shared/base/id.ts';
import { JOURNAL_SCHEMA, Journal, type Outbox } from './journal.ts';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

function journal() {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = ON');
  db.exec(JOURNAL_SCHEMA);
  const signed = { at: NOW };
  const outbox: Outbox = {
    transact: (work) => (db.inTransaction ? work(db) : db.transaction(work).immediate(db)),
    addRecords: () => undefined,
  };
  const made = new Journal(outbox, () => signed.at);
  const finished = (n: number, expiresAt: number, spelled = id(n)) => {
    const manifest = ManifestId.parse(spelled);
    const outcome = { type: 'outcome' as const, manifest, device: DeviceId.parse(id(1)), at: NOW };
    made.accept({ id: manifest, signed: '{}', expiresAt, at: NOW }, [{ ...outcome, state: 'accepted' }]);
    made.advance([{ ...outcome, state: 'cancelled' }]);
    return manifest;
  };
  return { made, finished, signed };
}

test('a finished order is forgotten a month after it expired', () => {
  const { made, finished, signed } = journal();
  const old = finished(2, NOW);
  const young = finished(3, NOW + 31 * DAY);
  signed.at = NOW + 32 * DAY;
  made.forget(NOW + 32 * DAY);
  expect([old, young].map((order) => made.entriesOf(order).length)).toEqual([0, 1]);
});

test('a clock that is years ahead makes no order unknown, which could then be run a second time', () => {
  const { made, finished } = journal();
  const order = finished(2, NOW + DAY);
  // Firings of its own under that clock are no sign of the time either.
  const firing = finished(3, NOW + 60 * DAY, '00000000-0000-8000-8000-000000000003');
  made.forget(NOW + 10 * 365 * DAY);
  expect(made.entriesOf(order)).toHaveLength(1);
  expect(made.entriesOf(firing)).toEqual([]);
});

test('a relay that runs on forgets with the next order that comes', () => {
  const { finished, made } = journal();
  const old = finished(2, NOW - 40 * DAY);
  finished(3, NOW + DAY);
  expect(made.entriesOf(old)).toEqual([]);
});

test('of what is over the id is kept and the text is not; of what is open both are', () => {
  const { made, finished } = journal();
  const done = finished(2, NOW + DAY);
  expect([made.entriesOf(done).length, made.taken(done)]).toEqual([1, undefined]);
  const open = ManifestId.parse(id(3));
  const record = (n: number) => ({ type: 'outcome' as const, manifest: open, device: DeviceId.parse(id(n)), at: NOW });
  const outcomes = [1, 2].map((n) => ({ ...record(n), state: 'accepted' as const }));
  made.accept({ id: open, signed: 'text', expiresAt: NOW + DAY, at: NOW }, outcomes);
  made.advance([{ ...record(1), state: 'cancelled' }]);
  made.advance([{ ...record(2), state: 'started' }]);
  expect(made.taken(open)?.signed).toBe('text');
  made.advance([{ ...record(2), state: 'succeeded' }]);
  expect(made.taken(open)).toBeUndefined();
});
