// Proves the order in which devices are done: the first alone, growing waves, and no further device when too many failed.
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { DeviceId } from '#shared/base/id.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import { bench, exited, id, identity, settled, signedBy, signer } from '#test/fixtures/executor-bench.ts';

const DEVICES = Array.from({ length: 9 }, (_, n) => DeviceId.parse(id(1_000 + n)));
const targets = DEVICES.map((device) => ({ device, identity }));
const CAPS = { devicesPerManifest: 50, devicesPerTenMinutes: 500, maxTimeoutMs: 60_000, maxOutputBytes: 65_536 };
const careful = { t3: { stopMs: 0, canary: 1, haltPercent: 20 } };
const order = (change: Partial<Manifest> = {}) => signedBy(signer, { targets, caps: ORDER_CAPS, ...change });
const ORDER_CAPS = { timeoutMs: 1_000, outputBytes: 1_024, concurrency: 9 };

type Options = NonNullable<Parameters<typeof bench>[0]>;
const carefulBench = (options: Options = {}) =>
  bench({ tiers: careful, more: DEVICES, charter: () => ({ caps: CAPS }), ...options });

/** Commands that end when told, so that a test sees how many run at once. */
function gate() {
  const waiting: Array<(code: number) => void> = [];
  const run: Options['run'] = () => new Promise((resolve) => waiting.push((code) => resolve(exited(code))));
  const end = (code = 0) => {
    for (const one of waiting.splice(0)) one(code);
  };
  return { run, end, waiting };
}

const counts = (b: ReturnType<typeof bench>) => {
  const last = new Map(b.records.flatMap((r) => (r.type === 'outcome' ? [[r.device, r.state] as const] : [])));
  const sums: Record<string, number> = {};
  for (const state of last.values()) sums[state] = (sums[state] ?? 0) + 1;
  return sums;
};

test('one device runs alone, then two, then the six that are left', async () => {
  const { run, end, waiting } = gate();
  const b = carefulBench({ run });
  await b.executor.receive({ kind: 'run', signed: await order() });
  for (const size of [1, 2, 6]) {
    await expect.poll(() => waiting.length).toBe(size);
    end();
  }
  await settled(b, 9);
  expect(counts(b)).toEqual({ succeeded: 9 });
  expect(b.events).toEqual([]);
});

test('a canary that fails halts the rest: never run, said why, told as an event and in the audit', async () => {
  const b = carefulBench({ run: () => Promise.resolve(exited(1)) });
  await b.executor.receive({ kind: 'run', signed: await order() });
  await settled(b, 9);
  expect(b.ran).toHaveLength(1);
  expect(counts(b)).toEqual({ failed: 1, halted: 8 });
  const halted = b.records.find((r) => r.type === 'outcome' && r.state === 'halted');
  expect(halted).toMatchObject({ reason: 'halted', detail: expect.stringContaining('1 of 1 devices failed') });
  expect(b.records.filter((r) => r.type === 'audit')).toMatchObject([{ verb: 'manifest.halt', code: 'halted' }]);
  expect(b.events).toMatchObject([{ code: 'halted', severity: 'critical' }]);
});

test('a device that cannot be reached is no canary that went well', async () => {
  const b = carefulBench({ seen: { machineId: 'ffffffffffffffff', macs: [] } });
  await b.executor.receive({ kind: 'run', signed: await order() });
  await settled(b, 9);
  expect(b.ran).toEqual([]);
  expect(counts(b)).toEqual({ refused: 1, halted: 8 });
});

test('within the bound it goes on, and beyond it the wave begins no further device', async () => {
  let n = 0;
  // The first three succeed; of the last six each fails, and with the second failure it is more than a fifth of nine.
  const b = carefulBench({
    run: () => {
      n += 1;
      return Promise.resolve(exited(n > 3 ? 1 : 0));
    },
  });
  await b.executor.receive({ kind: 'run', signed: await order({ caps: { ...ORDER_CAPS, concurrency: 1 } }) });
  await settled(b, 9);
  expect(b.ran).toHaveLength(5);
  expect(counts(b)).toEqual({ succeeded: 3, failed: 2, halted: 4 });
});

test('an order may ask for more care, and never for less', async () => {
  const free = carefulBench({ tiers: { t3: { stopMs: 0 } }, run: () => Promise.resolve(exited(1)) });
  await free.executor.receive({ kind: 'run', signed: await order({ rollout: { canary: 2, haltPercent: 0 } }) });
  await settled(free, 9);
  expect(counts(free)).toMatchObject({ halted: expect.any(Number) });
  expect(free.ran.length).toBeLessThanOrEqual(2);
  const ruled = carefulBench({ run: () => Promise.resolve(exited(1)) });
  await ruled.executor.receive({ kind: 'run', signed: await order({ rollout: { canary: 9, haltPercent: 100 } }) });
  await settled(ruled, 9);
  expect(ruled.ran).toHaveLength(1);
});

test('a relay that dies in mid-wave goes on where it was: the unknown counts as failed, and nothing runs twice', async () => {
  const { run, end, waiting } = gate();
  const dead = carefulBench({ run, isKilled: true });
  await dead.executor.receive({ kind: 'run', signed: await order() });
  await expect.poll(() => waiting.length).toBe(1);
  end();
  await expect.poll(() => waiting.length).toBe(2);
  // Killed while the second wave of two runs.
  const next = carefulBench({ db: new Database(dead.db.serialize()) });
  await next.executor.recover();
  await settled(next, 8);
  expect(next.ran).toEqual([]);
  expect(counts(next)).toEqual({ unknown: 2, halted: 6 });
});

test('a relay that dies between two waves begins the next one and no other', async () => {
  const { run, end, waiting } = gate();
  const dead = carefulBench({ run, isKilled: true });
  await dead.executor.receive({ kind: 'run', signed: await order() });
  await expect.poll(() => waiting.length).toBe(1);
  const copy = new Database(dead.db.serialize());
  copy.exec("update journal set state = 'succeeded' where state = 'started'");
  end();
  const next = carefulBench({ db: copy, run });
  await next.executor.recover();
  await expect.poll(() => waiting.length).toBeGreaterThanOrEqual(2);
  for (let n = 0; n < 3; n += 1) {
    end();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await settled(next, 8);
  expect(counts(next)).toEqual({ succeeded: 8 });
});

test('a cancel in mid-wave ends as cancelled, not as halted', async () => {
  const { run, end, waiting } = gate();
  const b = carefulBench({ run });
  const signed = await order();
  await b.executor.receive({ kind: 'run', signed });
  await expect.poll(() => waiting.length).toBe(1);
  const [first] = b.records;
  if (first?.type !== 'outcome') throw new Error('no outcome');
  await b.executor.receive({ kind: 'cancel', manifest: first.manifest });
  end(1);
  await settled(b, 9);
  expect(counts(b)).toEqual({ failed: 1, cancelled: 8 });
});
