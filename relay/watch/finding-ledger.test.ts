// Findings are kept once, in the order in which one call says them; a disk that takes nothing costs none, and a flood is bounded.
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import type { Transition } from '#shared/judge/checks/verdict.ts';
import type { Finding } from '#shared/model/finding.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { sampleDevice } from '#test/fixtures/sample-trust.ts';
import { FindingLedger } from './finding-ledger.ts';
import { WATCH_SCHEMA } from './watch-table.ts';

const DEVICE = sampleDevice(1);

function ledgerKit() {
  const clock = new FakeClock();
  const db = new Database(':memory:');
  onTestFinished(() => void db.close());
  db.exec(WATCH_SCHEMA);
  const told: Finding[] = [];
  const floods: string[] = [];
  const disk = { isFull: false };
  const ledger = new FindingLedger({
    clock,
    transact: (work) => {
      if (disk.isFull) throw new Error('full');
      return db.transaction(() => work(db))();
    },
    addRecord: (record) => told.push(record),
    muting: () => undefined,
    onFlood: (device) => floods.push(device),
  });
  const say = (state: Transition['state'], check: string, instance = ''): Transition => ({
    ...{ state, check, instance, severity: 'high', at: clock.now(), since: clock.now(), detail: 'd', count: 1 },
  });
  const take = (...words: Transition[]) => ledger.take(DEVICE, words, () => undefined);
  const steps = () => told.map(({ state, step, finding }) => [state, step, finding]);
  return { clock, ledger, take, say, steps, told, floods, disk };
}

test('what opens and clears in one call is opened and cleared', () => {
  const { take, say, steps, ledger } = ledgerKit();
  take(say('open', 'cpu.used'), say('clear', 'cpu.used'));
  expect(steps().map(([state, step]) => [state, step])).toEqual([
    ['open', 1],
    ['clear', 2],
  ]);
  expect(ledger.all).toEqual([]);
});

test('what clears and opens again in one call is another finding', () => {
  const { take, say, steps, ledger } = ledgerKit();
  take(say('open', 'cpu.used'));
  take(say('clear', 'cpu.used'), say('open', 'cpu.used'));
  const [first, cleared, second] = steps();
  expect(cleared).toEqual(['clear', 2, first?.[2]]);
  expect(second?.slice(0, 2)).toEqual(['open', 1]);
  expect(second?.[2]).not.toBe(first?.[2]);
  expect(ledger.all).toHaveLength(1);
});

test('a full disk spends nothing of what a device may say', () => {
  const { take, say, disk, ledger, floods } = ledgerKit();
  const many = Array.from({ length: 300 }, (_, n) => say('open', 'disk.free', `/m${n}`));
  disk.isFull = true;
  for (let i = 0; i < 5; i += 1) expect(() => take(...many)).toThrow('full');
  disk.isFull = false;
  take(...many);
  expect([ledger.all.length, floods]).toEqual([300, []]);
});

test('a device has at most 500 findings open, and its outage beside them', async () => {
  const { take, say, ledger, floods, clock } = ledgerKit();
  for (let n = 0; n < 700; n += 1) {
    take(say('open', 'disk.free', `/m${n}`));
    await clock.advance(2_000);
  }
  expect(ledger.all).toHaveLength(500);
  expect(floods).toEqual([DEVICE]);
  take(say('open', 'device.down'));
  expect(ledger.find(DEVICE, 'device.down', '')).toBeDefined();
});

test('within one call too a device has at most 500 open', async () => {
  const { take, say, ledger, clock } = ledgerKit();
  for (let n = 0; n < 2; n += 1) {
    take(...Array.from({ length: 400 }, (_, m) => say('open', 'disk.free', `/${n}/${m}`)));
    await clock.advance(3_600_000);
  }
  expect(ledger.all).toHaveLength(500);
  expect([...ledger.owing]).toEqual([DEVICE]);
  const owed = [say('open', 'cpu.used'), { ...say('open', 'disk.free', '/0/1'), severity: 'low' as const }];
  expect(ledger.fitting(DEVICE, owed).map(({ check }) => check)).toEqual(['disk.free']);
  ledger.paid(DEVICE);
  expect(ledger.owing.size).toBe(0);
});
