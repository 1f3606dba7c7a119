// What the console says of watching is taken in order, told in the audit, and nothing is in force that was not proven.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { RefusalLog } from '#relay/execute/refusal-log.ts';
import { WatchStore } from '#relay/pin/watch-store.ts';
import { tellAccepted } from '#relay/watch/accepted-watch.ts';
import { MemberBook } from '#relay/watch/member-book.ts';
import { WATCH_SCHEMA } from '#relay/watch/watch-table.ts';
import type { AuditRecord } from '#shared/model/record.ts';
import type { WatchDocument } from '#shared/model/watch-policy.ts';
import { signWatch } from '#shared/seal/watch-seal.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { keyOfWord, SAMPLE_SITE, SAMPLE_TIME, sampleCharter, sampleDevice } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { watchTaker } from './take-watch.ts';

const document: WatchDocument = {
  ...{ v: 1, kind: 'watch', sites: [SAMPLE_SITE], version: 7, at: SAMPLE_TIME, layers: [], windows: [], routes: [] },
};

async function taker() {
  const [signer, stranger] = [await keyOfWord('signer'), await keyOfWord('stranger')];
  const data = tempFolder(onTestFinished);
  mkdirSync(path.join(data, 'identity'), { mode: 0o700 });
  const store = WatchStore.open(data);
  const members = new MemberBook(path.join(data, 'watch-members.json'));
  const clock = new FakeClock(SAMPLE_TIME);
  const told: AuditRecord[] = [];
  const changes = { count: 0 };
  const disk = { isFull: false };
  const addRecord = (_lane: 0, record: AuditRecord) => void told.push(record);
  const db = new Database(':memory:');
  onTestFinished(() => void db.close());
  db.exec(WATCH_SCHEMA);
  const transact = <T>(work: (db: Database.Database) => T): T => {
    if (disk.isFull) throw new Error('killed before the commit');
    return db.transaction(() => work(db))();
  };
  const tell = (document: WatchDocument | undefined) => tellAccepted({ transact, addRecord }, document, clock.now());
  const take = watchTaker({
    place: () => ({ site: SAMPLE_SITE, charter: sampleCharter([], [signer]), now: clock.now() }),
    ...{ store, members, tell },
    refusals: new RefusalLog({ clock, outbox: { addRecord, addRecords: () => undefined } }),
    onChange: () => {
      changes.count += 1;
    },
  });
  return { take, store, members, told, changes, signer, stranger, disk, tell, data };
}

test('a document in force is told once; a forged one is told as refused', async () => {
  const { take, store, told, changes, signer, stranger } = await taker();
  const signed = await signWatch(document, [signer]);
  const forged = await signWatch({ ...document, version: 8 }, [stranger]);
  await Promise.all([signed, signed, forged].map((one) => take({ kind: 'document', signed: one })));
  expect(told.map(({ verb, code }) => `${verb} ${code ?? ''}`.trim())).toEqual([
    'watch.accept',
    'watch.refuse signature-invalid',
  ]);
  expect([store.document?.version, changes.count]).toEqual([7, 1]);
});

test('members count when they are whole, and are told to nobody', async () => {
  const { take, members, told, changes } = await taker();
  const parent = sampleDevice(2);
  await take({ kind: 'members', from: 0, total: 2, members: [{ device: sampleDevice(1), layers: [], parent }] });
  expect(members.parentOf(sampleDevice(1))).toBeUndefined();
  await take({ kind: 'members', from: 1, total: 2, members: [{ device: parent, layers: [] }] });
  expect(members.parentOf(sampleDevice(1))).toBe(parent);
  expect([told.length, changes.count]).toEqual([0, 1]);
});

test('a document that a kill kept from the audit is told at the next start, once', async () => {
  const { take, told, changes, signer, disk, tell, data } = await taker();
  disk.isFull = true;
  const signed = await signWatch(document, [signer]);
  await expect(take({ kind: 'document', signed })).rejects.toThrow('killed');
  expect(changes.count).toBe(1);
  expect(told.filter(({ verb }) => verb === 'watch.accept')).toEqual([]);
  disk.isFull = false;
  for (let start = 0; start < 2; start += 1) tell(WatchStore.open(data).document);
  expect(told.filter(({ verb }) => verb === 'watch.accept')).toHaveLength(1);
});
