// Proves that freezes and thaws are taken one after the other, and that one that could not be told stops none after it.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RefusalLog } from '#relay/execute/refusal-log.ts';
import { FreezeStore } from '#relay/pin/freeze-store.ts';
import { FreezeId } from '#shared/base/id.ts';
import type { Freeze, Thaw } from '#shared/model/freeze.ts';
import type { AuditRecord } from '#shared/model/record.ts';
import { signBrake } from '#shared/seal/freeze-seal.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { keyOfWord, SAMPLE_SITE, SAMPLE_TIME, sampleCharter, sampleSigner } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { brakeTaker } from './take-brake.ts';

const idOf = (n: number) => FreezeId.parse(`0190a000-0000-7000-8005-00000000000${n}`);
const freeze = (n: number): Freeze => ({
  v: 1,
  kind: 'freeze',
  site: SAMPLE_SITE,
  id: idOf(n),
  at: SAMPLE_TIME + n,
  reason: 'drill',
});
const thaw = (n: number, of: number): Thaw => ({ ...freeze(n), site: SAMPLE_SITE, kind: 'thaw', freezes: idOf(of) });

async function taker() {
  const [owner, guard, stranger] = await Promise.all(['owner', 'guard', 'stranger'].map(keyOfWord));
  if (owner === undefined || guard === undefined || stranger === undefined) throw new Error('three keys');
  const charter = {
    ...sampleCharter([owner], []),
    signers: [{ ...sampleSigner(guard, 'guard'), role: 'guardian' as const }],
  };
  const data = tempFolder(onTestFinished);
  mkdirSync(path.join(data, 'identity'), { mode: 0o700 });
  const freezes = FreezeStore.open(data);
  const clock = new FakeClock(SAMPLE_TIME + 1_000);
  const told: AuditRecord[] = [];
  const spool = { isFull: false };
  const addRecord = (_lane: 0, record: AuditRecord) => {
    if (spool.isFull) throw new Error('the disk is full');
    told.push(record);
  };
  const outbox = { addRecord, addRecords: () => undefined };
  const stops = { count: 0 };
  const take = brakeTaker({
    clock,
    charters: { charter, now: () => clock.now() },
    freezes,
    spool: outbox as Parameters<typeof brakeTaker>[0]['spool'], // audit records alone reach it
    refusals: new RefusalLog({ clock, outbox }),
    onFrozen: () => {
      stops.count += 1;
    },
  });
  return { take, freezes, told, spool, stops, owner, guard, stranger, data };
}

test('a freeze stops what runs and is told; a forged one is told as refused', async () => {
  const { take, freezes, told, stops, guard, stranger } = await taker();
  await take(await signBrake(freeze(1), [stranger]));
  expect(freezes.frozen).toBeUndefined();
  await take(await signBrake(freeze(2), [guard]));
  expect(freezes.frozen?.id).toBe(idOf(2));
  expect(stops.count).toBe(1);
  expect(told.map(({ verb }) => verb)).toEqual(['freeze.refuse', 'site.freeze']);
});

test('a refusal that the full disk would not take stops no freeze after it', async () => {
  const { take, freezes, spool, stops, guard, stranger } = await taker();
  spool.isFull = true;
  await expect(take(await signBrake(freeze(1), [stranger]))).rejects.toThrow('the disk is full');
  await expect(take(await signBrake(freeze(2), [guard]))).rejects.toThrow('the disk is full');
  expect(freezes.frozen?.id).toBe(idOf(2));
  expect(stops.count).toBe(1);
});

test('a freeze that no disk takes stops what runs all the same, once, and what it lacks is told', async () => {
  const { take, freezes, told, stops, guard, data } = await taker();
  rmSync(path.join(data, 'identity'), { recursive: true });
  writeFileSync(path.join(data, 'identity'), '');
  await take(await signBrake(freeze(1), [guard]));
  expect(freezes.frozen?.id).toBe(idOf(1));
  expect(stops.count).toBe(1);
  expect(told).toMatchObject([{ verb: 'site.freeze', detail: expect.stringContaining("not on this relay's disk") }]);
  await take(await signBrake(freeze(1), [guard])).catch(() => undefined);
  expect(stops.count).toBe(1);
});

test('a freeze, its thaw and a refusal that come at once are taken in the order they came', async () => {
  const { take, freezes, told, owner, guard, stranger } = await taker();
  const brakes = [
    await signBrake(freeze(1), [guard]),
    await signBrake(freeze(2), [stranger]),
    await signBrake(thaw(3, 1), [owner]),
  ];
  await Promise.all(brakes.map((brake) => take(brake)));
  expect(freezes.frozen).toBeUndefined();
  expect(told.map(({ verb }) => verb)).toEqual(['site.freeze', 'freeze.refuse', 'site.thaw']);
});
