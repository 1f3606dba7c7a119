// Proves the time in which an order can be stopped, and that a frozen relay runs nothing and goes on with nothing.
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { fail } from '#shared/base/outcome.ts';
import type { Freeze } from '#shared/model/freeze.ts';
import { readManifest } from '#shared/seal/manifest-seal.ts';
import { bench, NOW, settled, signedBy, signer, states } from '#test/fixtures/executor-bench.ts';

const HALF_MINUTE = { t3: { stopMs: 30_000 } };
const LONG = { exp: NOW + 300_000 };

/** Proofs are not under the fake clock. */
const proven = () => new Promise((resolve) => setTimeout(resolve, 20));

test('an order waits for its half minute before it starts', async () => {
  const b = bench({ tiers: HALF_MINUTE });
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer, LONG) });
  expect(b.executor.stats()).toMatchObject({ held: 1, running: 0 });
  await b.clock.advance(29_999);
  await proven();
  expect(b.ran).toEqual([]);
  await b.clock.advance(1);
  await settled(b, 1);
  expect(b.ran).toEqual(['uptime']);
});

test('a cancel within the half minute: nothing runs, then or later', async () => {
  const b = bench({ tiers: HALF_MINUTE });
  const signed = await signedBy(signer, LONG);
  await b.executor.receive({ kind: 'run', signed });
  await b.executor.receive({ kind: 'cancel', manifest: readManifest(signed.manifest).id });
  expect(states(b)).toEqual(['accepted', 'cancelled']);
  await b.clock.advance(60_000);
  await b.executor.receive({ kind: 'run', signed });
  await proven();
  expect(b.ran).toEqual([]);
});

test('after a restart only the rest of the wait is left, and a clock set back makes it no longer than the whole', async () => {
  const first = bench({ tiers: HALF_MINUTE });
  await first.executor.receive({ kind: 'run', signed: await signedBy(signer, LONG) });
  await first.executor.stop();
  const copy = first.db.serialize();
  for (const [now, restMs] of [
    [NOW + 20_000, 10_000],
    [NOW - 60_000, 30_000],
  ] as const) {
    const next = bench({ db: new Database(copy), tiers: HALF_MINUTE, now });
    await next.executor.recover();
    await next.clock.advance(restMs - 1);
    await proven();
    expect(next.ran).toEqual([]);
    await next.clock.advance(1);
    await settled(next, 1);
    expect(next.ran).toEqual(['uptime']);
  }
});

test('who is taken out of the charter while the order waits has ordered nothing', async () => {
  let signers: { signers?: [] } = {};
  const b = bench({ tiers: HALF_MINUTE, charter: () => signers });
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer, LONG) });
  signers = { signers: [] };
  await b.clock.advance(30_000);
  await settled(b, 1);
  expect(b.ran).toEqual([]);
  expect(b.records.at(-1)).toMatchObject({ state: 'refused', reason: 'signature-invalid' });
});

// Only its presence counts here.
const FREEZE = { kind: 'freeze', id: 'f', at: NOW } as unknown as Freeze;

test('a frozen relay refuses every order for good, and says so', async () => {
  let frozen: Freeze | undefined = FREEZE;
  const b = bench({ frozen: () => frozen });
  const signed = await signedBy(signer);
  await b.executor.receive({ kind: 'run', signed });
  expect(states(b)).toEqual(['refused', 'frozen']);
  frozen = undefined;
  await b.executor.receive({ kind: 'run', signed });
  expect(b.ran).toEqual([]);
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer) });
  await settled(b, 2);
  expect(b.ran).toEqual(['uptime']);
});

test('a freeze stops what runs and cancels what waits, queued or held', async () => {
  let frozen: Freeze | undefined;
  const b = bench({
    tiers: { t3: { stopMs: 0 }, t2: { stopMs: 30_000 } },
    frozen: () => frozen,
    run: (_script, signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve(fail('cancelled', 'srv: stopped')), { once: true }),
      ),
  });
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer) });
  await expect.poll(() => b.ran).toHaveLength(1);
  const action = { name: 'identity.accept' as const, arguments: {} };
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer, { action }) });
  frozen = FREEZE;
  b.executor.freeze();
  await settled(b, 2);
  expect(states(b).filter((state) => state === 'cancelled')).toHaveLength(2);
  await b.clock.advance(60_000);
  expect(b.accepted).toEqual([]);
});

test('what a frozen relay finds in its journal after a restart is cancelled', async () => {
  const dead = bench({ tiers: HALF_MINUTE });
  await dead.executor.receive({ kind: 'run', signed: await signedBy(signer, LONG) });
  const next = bench({ db: new Database(dead.db.serialize()), tiers: HALF_MINUTE, frozen: () => FREEZE });
  await next.executor.recover();
  expect(states(next)).toEqual(['cancelled']);
});

test('a tier has its own cap over ten minutes', async () => {
  const b = bench({ tiers: { t3: { stopMs: 0, devicesPerTenMinutes: 2 } } });
  for (let n = 0; n < 3; n += 1) await b.executor.receive({ kind: 'run', signed: await signedBy(signer) });
  await settled(b, 3);
  expect(b.ran).toHaveLength(2);
  const action = { name: 'identity.accept' as const, arguments: {} };
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer, { action }) });
  await settled(b, 4);
  expect(b.accepted).toHaveLength(1);
});

test('what a full disk kept a freeze from cancelling does not run after a thaw and a restart; what came after the thaw does', async () => {
  const b = bench({ tiers: HALF_MINUTE });
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer, LONG) });
  b.db.exec("create trigger full before update on journal begin select raise(abort, 'full'); end");
  expect(() => b.executor.freeze()).toThrow('full');
  b.db.exec('drop trigger full');
  const next = bench({ db: b.db, now: NOW + 10_000, brakedAt: () => NOW + 5_000 });
  await next.executor.recover();
  await settled(next, 1);
  expect(next.ran).toEqual([]);
  expect(next.records).toMatchObject([{ state: 'refused', reason: 'frozen' }]);
  // A relay whose clock is behind: the order was signed after the thaw, and counts.
  const late = bench({ tiers: HALF_MINUTE, brakedAt: () => NOW + 5_000 });
  await late.executor.receive({ kind: 'run', signed: await signedBy(signer, { ...LONG, nbf: NOW + 6_000 }) });
  await late.clock.advance(30_000);
  await settled(late, 1);
  expect(late.ran).toEqual(['uptime']);
});
