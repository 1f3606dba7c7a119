// Proves what the relay runs and what it refuses, with real signatures and a real journal; only the device is a fake.
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { RunResult } from '#relay/transport/transport.ts';
import { RelayId, SiteId } from '#shared/base/id.ts';
import { fail, type Outcome } from '#shared/base/outcome.ts';
import type { SignedManifest } from '#shared/model/manifest.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';
import { signBatch } from '#shared/seal/manifest-seal.ts';
import {
  bench,
  DEVICE,
  exited,
  id,
  identity,
  manifest,
  NOW,
  OTHER,
  settled,
  signedBy,
  signer,
  states,
  stranger,
} from '#test/fixtures/executor-bench.ts';

test('what the pinned key signed runs once, and each step is reported in order', async () => {
  const b = bench();
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer) });
  await settled(b, 1);
  expect(b.ran).toEqual(['uptime']);
  expect(states(b)).toEqual(['accepted', 'started', 'succeeded']);
});

test('a redelivered order is not run again', async () => {
  const b = bench();
  const signed = await signedBy(signer);
  await b.executor.receive({ kind: 'run', signed });
  await settled(b, 1);
  await b.executor.receive({ kind: 'run', signed });
  expect(b.ran).toHaveLength(1);
  expect(states(b)).toHaveLength(3);
});

test('an order that comes again after the console has its outcomes is a replay: refused, audited, its end told again', async () => {
  const b = bench({ isAllTold: true });
  const signed = await signedBy(signer);
  await b.executor.receive({ kind: 'run', signed });
  await settled(b, 1);
  await b.executor.receive({ kind: 'run', signed });
  expect(b.ran).toHaveLength(1);
  expect(states(b)).toEqual(['accepted', 'started', 'succeeded', 'succeeded', 'manifest-replayed']);
});

test('an order that comes again while it runs is left alone', async () => {
  const b = bench({ isAllTold: true, isKilled: true, run: () => new Promise(() => undefined) });
  const signed = await signedBy(signer);
  await b.executor.receive({ kind: 'run', signed });
  await b.executor.receive({ kind: 'run', signed });
  await expect.poll(() => states(b)).toEqual(['accepted', 'started']);
});

test.each<[string, () => Promise<SignedManifest>, string]>([
  ['signed by a stranger', () => signedBy(stranger), 'signature-invalid'],
  [
    'edited after signing',
    async () => {
      const signed = await signedBy(signer);
      return { ...signed, manifest: signed.manifest.replace('uptime', 'reboot') };
    },
    'signature-invalid',
  ],
  ['for another relay', () => signedBy(signer, { relay: RelayId.parse(id(9)) }), 'manifest-retargeted'],
  ['for another site', () => signedBy(signer, { site: SiteId.parse(id(9)) }), 'manifest-retargeted'],
  ['expired', () => signedBy(signer, { nbf: NOW - 120_000, exp: NOW - 1 }), 'manifest-expired'],
  ['of the future', () => signedBy(signer, { nbf: NOW + 600_000, exp: NOW + 660_000 }), 'manifest-early'],
  ['under another charter', () => signedBy(signer, { charterVersion: 2 }), 'charter-invalid'],
])('an order %s is refused, runs nothing and is audited', async (_what, make, code) => {
  const b = bench();
  await b.executor.receive({ kind: 'run', signed: await make() });
  expect(b.ran).toEqual([]);
  expect(b.records).toMatchObject([{ type: 'audit', verb: 'manifest.refuse', code }]);
});

test('an order signed before the journal began is refused: it may have run', async () => {
  const b = bench({ journalSince: NOW + 1 });
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer) });
  expect(b.records).toMatchObject([{ type: 'audit', code: 'manifest-replayed' }]);
});

test('the cap over ten minutes holds over several orders and a restart, and each target is told', async () => {
  const first = bench();
  const targets = [
    { device: DEVICE, identity },
    { device: OTHER, identity },
  ];
  for (let n = 0; n < 3; n += 1)
    await first.executor.receive({ kind: 'run', signed: await signedBy(signer, { targets }) });
  await settled(first, 6);
  const second = bench({ db: first.db });
  await second.executor.receive({ kind: 'run', signed: await signedBy(signer) });
  expect(second.ran).toEqual([]);
  expect(states(second)).toEqual(['refused', 'cap-exceeded']);
});

test('an accepted identity is pinned by order, and those who follow it are told', async () => {
  const b = bench({ seen: { machineId: 'ffffffff00000000', macs: [] } });
  const action = { name: 'identity.accept' as const, arguments: {} };
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer, { action }) });
  await settled(b, 1);
  expect(b.accepted).toEqual([DEVICE]);
  expect(states(b)).toEqual(['accepted', 'started', 'succeeded']);
});

test('another machine at the address runs nothing', async () => {
  const b = bench({ seen: { machineId: 'ffffffff00000000', macs: [] } });
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer) });
  await settled(b, 1);
  expect(b.ran).toEqual([]);
  expect(b.records.at(-1)).toMatchObject({ state: 'refused', reason: 'identity-changed' });
});

test.each<[string, Outcome<RunResult>, Partial<OutcomeRecord>]>([
  ['exits with 3', exited(3), { state: 'failed', exitCode: 3 }],
  ['times out', fail('timed-out', 'srv: 1 s'), { state: 'failed', reason: 'timed-out' }],
  ['loses its connection', fail('lost', 'srv: gone'), { state: 'unknown', reason: 'lost' }],
])('a command that %s is told as it was', async (_what, result, expected) => {
  const b = bench({ run: () => Promise.resolve(result) });
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer) });
  await settled(b, 1);
  expect(b.records.at(-1)).toMatchObject(expected);
});

test('started without an end reads as unknown after a restart and is never run again', async () => {
  const dead = bench({ isKilled: true, run: () => new Promise(() => undefined) });
  await dead.executor.receive({ kind: 'run', signed: await signedBy(signer) });
  await expect.poll(() => states(dead)).toEqual(['accepted', 'started']);
  // A copy of the file is what a kill leaves: the first process writes no more into it.
  const next = bench({ db: new Database(dead.db.serialize()) });
  await next.executor.recover();
  await settled(next, 1);
  expect(next.ran).toEqual([]);
  expect(states(next)).toEqual(['unknown']);
});

test('accepted but never started is taken up after a restart, and expired ones are told as expired', async () => {
  const dead = bench({ isKilled: true, run: () => new Promise(() => undefined) });
  const targets = [DEVICE, OTHER].map((device) => ({ device, identity }));
  const one = { timeoutMs: 1_000, outputBytes: 1_024, concurrency: 1 };
  await dead.executor.receive({ kind: 'run', signed: await signedBy(signer, { targets, caps: one }) });
  await expect.poll(() => states(dead)).toEqual(['accepted', 'accepted', 'started']);
  const copy = dead.db.serialize();
  const next = bench({ db: new Database(copy) });
  await next.executor.recover();
  await settled(next, 2);
  expect(next.ran).toHaveLength(1);
  const late = bench({ db: new Database(copy) });
  await late.clock.advance(120_000);
  await late.executor.recover();
  await settled(late, 2);
  expect(late.ran).toEqual([]);
  expect(
    states(late)
      .map(String)
      .toSorted((a, z) => a.localeCompare(z)),
  ).toEqual(['expired', 'unknown']);
});

test('cancel stops what runs and what waits', async () => {
  const b = bench({
    run: (_script, signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve(fail('cancelled', 'srv: stopped')), { once: true }),
      ),
  });
  const targets = [DEVICE, OTHER].map((device) => ({ device, identity }));
  const order = manifest({ targets, caps: { timeoutMs: 1_000, outputBytes: 1_024, concurrency: 1 } });
  const [signed] = await signBatch([order], signer);
  if (signed === undefined) throw new Error('nothing was signed');
  await b.executor.receive({ kind: 'run', signed });
  await expect.poll(() => b.ran).toHaveLength(1);
  await b.executor.receive({ kind: 'cancel', manifest: order.id });
  await settled(b, 2);
  expect(b.ran).toHaveLength(1);
  expect(states(b).filter((s) => s === 'cancelled')).toHaveLength(2);
});
