// Proves that an order waits for a device that is away, runs there once when it is back, and not at all when it has ended or is stale.
import { expect, test } from 'vitest';
import type { DeviceId } from '#shared/base/id.ts';
import { type Failure, type FailureReason, fail } from '#shared/base/outcome.ts';
import { signBatch } from '#shared/seal/manifest-seal.ts';
import {
  bench,
  DEVICE,
  identity,
  manifest,
  NOW,
  OTHER,
  settled,
  signedBy,
  signer,
  states,
} from '#test/fixtures/executor-bench.ts';

const DAY_MS = 86_400_000;
const aDay = { nbf: NOW, exp: NOW + DAY_MS };
const both = [
  { device: DEVICE, identity },
  { device: OTHER, identity },
];

/** Devices that are away, and why. */
class Estate {
  readonly away = new Map<DeviceId, FailureReason>();
  readonly failureOf = (device: DeviceId): Failure | undefined => {
    const reason = this.away.get(device);
    return reason === undefined ? undefined : fail(reason, `${device}: no answer`);
  };
}

function awayBench(reason: FailureReason, options: Parameters<typeof bench>[0] = {}) {
  const estate = new Estate();
  estate.away.set(DEVICE, reason);
  return { estate, b: bench({ ...options, away: estate.failureOf }) };
}

const waits = (b: ReturnType<typeof bench>) =>
  b.records.flatMap((one) => (one.type === 'outcome' && one.state === 'waiting' ? [one.attempt] : []));

test('an order waits for a device that is off, and runs once when it is back', async () => {
  const { estate, b } = awayBench('unreachable');
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer, aDay) });
  await expect.poll(() => states(b)).toEqual(['accepted', 'waiting']);
  expect(waits(b)).toEqual([{ n: 1, class: 'device', nextAt: NOW + 337_500 }]);
  expect(b.executor.stats()).toMatchObject({ running: 0, away: 1 });
  estate.away.clear();
  b.executor.deviceBack(DEVICE);
  b.executor.deviceBack(DEVICE);
  await b.clock.advance(500);
  await settled(b, 1);
  b.executor.deviceBack(DEVICE);
  await b.clock.advance(DAY_MS);
  expect(b.ran).toEqual(['uptime']);
  expect(states(b)).toEqual(['accepted', 'waiting', 'started', 'succeeded']);
});

test('a failure of the line is tried again soon, and each try is told', async () => {
  const { estate, b } = awayBench('timed-out');
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer, aDay) });
  await expect.poll(() => waits(b).length).toBe(1);
  await b.clock.advance(1_000);
  await expect.poll(() => waits(b).length).toBe(2);
  expect(waits(b)).toEqual([
    { n: 1, class: 'transient', nextAt: NOW + 1_000 },
    { n: 2, class: 'transient', nextAt: NOW + 1_000 + 2_000 },
  ]);
  estate.away.clear();
  await b.clock.advance(2_000);
  await settled(b, 1);
  expect(b.ran).toHaveLength(1);
});

test('an order that expires while it waits does not run when the device is back', async () => {
  const { estate, b } = awayBench('unreachable');
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer, { nbf: NOW, exp: NOW + 60_000 }) });
  await expect.poll(() => waits(b).length).toBe(1);
  await b.clock.advance(60_000);
  await settled(b, 1);
  estate.away.clear();
  b.executor.deviceBack(DEVICE);
  await b.clock.advance(DAY_MS);
  expect(b.ran).toEqual([]);
  expect(b.records.at(-1)).toMatchObject({ state: 'expired', reason: 'manifest-expired' });
});

test('an order whose charter changed while it waited is stale: it does not run, and says why', async () => {
  let version = 3;
  const { estate, b } = awayBench('unreachable', { charter: () => ({ version }) });
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer, aDay) });
  await expect.poll(() => waits(b).length).toBe(1);
  version = 4;
  estate.away.clear();
  b.executor.deviceBack(DEVICE);
  await b.clock.advance(500);
  await settled(b, 1);
  expect(b.ran).toEqual([]);
  expect(b.records.at(-1)).toMatchObject({ state: 'refused', reason: 'charter-invalid' });
});

test('a device that leaves the relay and comes again finds nothing that waited for it', async () => {
  const { estate, b } = awayBench('unreachable');
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer, aDay) });
  await expect.poll(() => waits(b).length).toBe(1);
  b.executor.forgetDevice(DEVICE);
  estate.away.clear();
  b.executor.deviceBack(DEVICE);
  await b.clock.advance(DAY_MS);
  expect(b.ran).toEqual([]);
  expect(b.records.at(-1)).toMatchObject({ state: 'refused', reason: 'manifest-retargeted' });
});

test('an order that waits is cancelled at once', async () => {
  const { estate, b } = awayBench('unreachable');
  const order = manifest(aDay);
  const [signed] = await signBatch([order], signer);
  if (signed === undefined) throw new Error('nothing was signed');
  await b.executor.receive({ kind: 'run', signed });
  await expect.poll(() => waits(b).length).toBe(1);
  await b.executor.receive({ kind: 'cancel', manifest: order.id });
  estate.away.clear();
  b.executor.deviceBack(DEVICE);
  await b.clock.advance(DAY_MS);
  expect(states(b)).toEqual(['accepted', 'waiting', 'cancelled']);
});

test('a relay that begins anew goes on waiting, counts on, and runs it once', async () => {
  const first = awayBench('unreachable', { isKilled: true });
  await first.b.executor.receive({ kind: 'run', signed: await signedBy(signer, aDay) });
  await expect.poll(() => waits(first.b).length).toBe(1);
  const second = awayBench('unreachable', { db: first.b.db });
  await second.b.executor.recover();
  await expect.poll(() => waits(second.b)).toMatchObject([{ n: 2 }]);
  second.estate.away.clear();
  second.b.executor.deviceBack(DEVICE);
  await second.b.clock.advance(500);
  await settled(second.b, 1);
  expect(second.b.ran).toHaveLength(1);
});

test('a wrong login is not tried again: it has failed, and an administrator is told once', async () => {
  const { estate, b } = awayBench('denied');
  estate.away.set(OTHER, 'denied');
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer, { ...aDay, targets: both }) });
  await settled(b, 2);
  expect(b.records.at(-1)).toMatchObject({
    state: 'failed',
    reason: 'denied',
    attempt: { n: 1, class: 'configuration' },
  });
  expect(b.events).toMatchObject([{ type: 'relay-event', code: 'denied', severity: 'warning' }]);
  expect(b.executor.stats().away).toBe(0);
});

test('another machine at the address stops the order there, and people are told at once', async () => {
  const { b } = awayBench('host-key-changed');
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer, aDay) });
  await settled(b, 1);
  expect(b.records.at(-1)).toMatchObject({ state: 'failed', attempt: { n: 1, class: 'fatal' } });
  expect(b.events).toMatchObject([{ code: 'identity-changed', severity: 'critical' }]);
});

test('a first device that is away leaves its place to the next; it is still the one that is judged', async () => {
  const { estate, b } = awayBench('unreachable', { tiers: { t3: { stopMs: 0, canary: 1, haltPercent: 0 } } });
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer, { ...aDay, targets: both }) });
  await settled(b, 1);
  expect(b.ran).toHaveLength(1);
  estate.away.clear();
  b.executor.deviceBack(DEVICE);
  await b.clock.advance(500);
  await settled(b, 2);
  expect(b.ran).toHaveLength(2);
});

test('what was halted meanwhile does not run on the device that comes back', async () => {
  const { estate, b } = awayBench('unreachable', {
    tiers: { t3: { stopMs: 0, canary: 1, haltPercent: 0 } },
    run: () => Promise.resolve(fail('timed-out', 'no end')),
  });
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer, { ...aDay, targets: both }) });
  await settled(b, 2);
  estate.away.clear();
  b.executor.deviceBack(DEVICE);
  await b.clock.advance(DAY_MS);
  expect(b.ran).toHaveLength(1);
  expect(states(b).filter((state) => state === 'halted')).toHaveLength(2);
});
