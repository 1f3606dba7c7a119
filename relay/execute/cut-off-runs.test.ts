// Proves that what a crash cut off is ended once its device can be reached, over restarts, and only that.
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { DeviceId, ManifestId } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { AuditRecord } from '#shared/model/record.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { CutOffRuns, keepHandle, RUN_SCHEMA } from './cut-off-runs.ts';
import { JOURNAL_SCHEMA } from './journal.ts';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const ORDER = ManifestId.parse(id(1));
const DEVICE = DeviceId.parse(id(2));
const run = { manifest: ORDER, device: DEVICE };

function life(db: Database.Database, answer: () => Outcome<boolean>, isHere = true) {
  const clock = new FakeClock();
  const asked: Array<string | undefined> = [];
  const audits: AuditRecord[] = [];
  const runs = new CutOffRuns({
    clock,
    log: silentLogger,
    outbox: { transact: (work) => work(db), addRecord: (_lane, record) => void audits.push(record) },
    roster: (device) =>
      isHere ? { device, name: 'srv', transport: 'ssh', address: 'x', intervalMs: 60_000 } : undefined,
    end: async ({ handle }) => {
      asked.push(handle);
      return answer();
    },
  });
  onTestFinished(() => runs.stop());
  return { runs, clock, asked, audits };
}

function database(): Database.Database {
  const db = new Database(':memory:');
  db.exec(JOURNAL_SCHEMA);
  db.exec(RUN_SCHEMA);
  return db;
}
const left = (db: Database.Database) => db.prepare('select count(*) as n from journal_run').get();

test('what still ran is ended by its handle, told in the audit, and forgotten', async () => {
  const db = database();
  const { runs, asked, audits } = life(db, () => succeed(true));
  keepHandle({ transact: (work) => work(db) }, { order: ORDER, device: DEVICE }, 'SHELL-1');
  runs.mark([run]);
  runs.begin();
  await settle();
  expect(asked).toEqual(['SHELL-1']);
  expect(audits).toMatchObject([{ verb: 'manifest.end', manifest: ORDER, device: DEVICE }]);
  expect(left(db)).toEqual({ n: 0 });
});

test('what had ended by itself is not told', async () => {
  const db = database();
  const { runs, audits } = life(db, () => succeed(false));
  runs.mark([run]);
  runs.begin();
  await settle();
  expect(audits).toEqual([]);
  expect(left(db)).toEqual({ n: 0 });
});

test('a device that is away is asked again after a while, and at once when it is back', async () => {
  const db = database();
  let answer: Outcome<boolean> = fail('unreachable', 'off');
  const { runs, clock, asked } = life(db, () => answer);
  runs.mark([run]);
  runs.begin();
  await settle();
  await clock.advance(30_000);
  expect(asked).toHaveLength(2);
  answer = succeed(true);
  runs.deviceBack(DEVICE);
  await settle();
  expect(asked).toHaveLength(3);
  expect(left(db)).toEqual({ n: 0 });
});

test('a restart goes on with it; after a day it is given up', async () => {
  const db = database();
  const first = life(db, () => fail('unreachable', 'off'));
  first.runs.mark([run]);
  first.runs.begin();
  await settle();
  await first.runs.stop();
  const second = life(db, () => fail('unreachable', 'off'));
  second.runs.begin();
  await settle();
  expect(second.asked).toHaveLength(1);
  await second.clock.advance(86_400_000);
  expect(left(db)).toEqual({ n: 0 });
});

test('a device of another relay is left alone, and what ended in order is not asked for', async () => {
  const db = database();
  const gone = life(db, () => succeed(true), false);
  gone.runs.mark([run]);
  gone.runs.begin();
  await settle();
  expect(gone.asked).toEqual([]);
  keepHandle({ transact: (work) => work(db) }, { order: ORDER, device: DEVICE }, 'SHELL-2');
  const next = life(db, () => succeed(true));
  next.runs.begin();
  await settle();
  expect(next.asked).toEqual([]);
  expect(left(db)).toEqual({ n: 0 });
});
