// Proves what happens when cancel, stop, expiry and floods come between the steps of an order.
import { expect, test } from 'vitest';
import { StandingId } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import { signBatch } from '#shared/seal/manifest-seal.ts';
import { signStanding } from '#shared/seal/standing-seal.ts';
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
  stranger,
} from '#test/fixtures/executor-bench.ts';
import type { OwnOrder } from './order-proof.ts';

test('a cancel that overtakes the proof of its order stops it before it runs', async () => {
  const b = bench();
  const order = manifest();
  const [signed] = await signBatch([order], signer);
  if (signed === undefined) throw new Error('nothing was signed');
  const received = b.executor.receive({ kind: 'run', signed });
  await b.executor.receive({ kind: 'cancel', manifest: order.id });
  await received;
  await settled(b, 1);
  expect(b.ran).toEqual([]);
  expect(states(b)).toEqual(['accepted', 'cancelled']);
});

test('a cancel while the device is being reached runs nothing', async () => {
  let reached: () => void = () => undefined;
  const b = bench({ reach: new Promise((resolve) => (reached = resolve)) });
  const order = manifest();
  const [signed] = await signBatch([order], signer);
  if (signed === undefined) throw new Error('nothing was signed');
  await b.executor.receive({ kind: 'run', signed });
  await b.executor.receive({ kind: 'cancel', manifest: order.id });
  reached();
  await settled(b, 1);
  expect(b.ran).toEqual([]);
  expect(states(b)).toEqual(['accepted', 'cancelled']);
});

test('an order that expires while the device is being reached runs nothing', async () => {
  let reached: () => void = () => undefined;
  const b = bench({ reach: new Promise((resolve) => (reached = resolve)) });
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer) });
  await b.clock.advance(60_000);
  reached();
  await settled(b, 1);
  expect(b.ran).toEqual([]);
  expect(states(b)).toEqual(['accepted', 'expired']);
});

test('a stop while the device is being reached leaves the order for the next start', async () => {
  let reached: () => void = () => undefined;
  const b = bench({ reach: new Promise((resolve) => (reached = resolve)) });
  await b.executor.receive({ kind: 'run', signed: await signedBy(signer) });
  const stopped = b.executor.stop();
  reached();
  await stopped;
  expect(states(b)).toEqual(['accepted']);
  const next = bench({ db: b.db });
  await next.executor.recover();
  await settled(next, 1);
  expect(next.ran).toEqual(['uptime']);
});

test('an order that breaks off before it is taken uses nothing of the cap, and is taken when it comes again', async () => {
  const b = bench();
  b.db.exec("create trigger broken before insert on journal begin select raise(abort, 'disk'); end");
  const signed = await signedBy(signer);
  for (let n = 0; n < 10; n += 1) await expect(b.executor.receive({ kind: 'run', signed })).rejects.toThrow('disk');
  b.db.exec('drop trigger broken');
  await b.executor.receive({ kind: 'run', signed });
  await settled(b, 1);
  expect(states(b)).toEqual(['accepted', 'started', 'succeeded']);
});

test('an order that was told as refused never runs later, when the cap is free again', async () => {
  const b = bench({ tiers: { t3: { freshMs: 3_600_000, stopMs: 0 } } });
  for (let n = 0; n < 6; n += 1) await b.executor.receive({ kind: 'run', signed: await signedBy(signer) });
  await settled(b, 6);
  const signed = await signedBy(signer, { exp: NOW + 3_600_000 });
  await b.executor.receive({ kind: 'run', signed });
  expect(states(b).slice(-2)).toEqual(['refused', 'cap-exceeded']);
  await b.clock.advance(700_000);
  await b.executor.receive({ kind: 'run', signed });
  expect(b.ran).toHaveLength(6);
  expect(states(b).slice(-2)).toEqual(['refused', 'cap-exceeded']);
});

test('a flood of forged orders fills no disk: some are told in full, the rest are counted', async () => {
  const b = bench();
  const forged = await signedBy(stranger);
  for (let n = 0; n < 5_000; n += 1) await b.executor.receive({ kind: 'run', signed: forged });
  expect(b.records).toHaveLength(2_501);
  expect(b.records.at(-1)).toMatchObject({ type: 'audit', verb: 'manifest.refuse', code: 'rate-limited' });
  await b.clock.advance(10_000);
  await b.executor.receive({ kind: 'run', signed: forged });
  expect(b.records.at(-1)).toMatchObject({ code: 'signature-invalid' });
  expect(b.records.at(-1)?.detail).toContain('2499 more');
});

test('a flood of replays tells the outcomes again a few times only', async () => {
  const b = bench({ isAllTold: true });
  const targets = [DEVICE, OTHER].map((device) => ({ device, identity }));
  const signed = await signedBy(signer, { targets });
  await b.executor.receive({ kind: 'run', signed });
  await settled(b, 2);
  for (let n = 0; n < 1_000; n += 1) await b.executor.receive({ kind: 'run', signed });
  expect(b.records.length).toBeLessThan(2_520);
});

test('more text at once than memory should hold is refused unread', async () => {
  const b = bench();
  const forged = { ...(await signedBy(stranger)), manifest: ' '.repeat(900 * 1024) };
  await Promise.all(Array.from({ length: 60 }, () => b.executor.receive({ kind: 'run', signed: forged })));
  expect(states(b).filter((code) => code === 'rate-limited').length).toBeGreaterThan(20);
});

test('a charter that comes while an order is proven is the one it is measured by', async () => {
  let change: Partial<Charter> = {};
  const b = bench({ charter: () => change });
  const received = b.executor.receive({ kind: 'run', signed: await signedBy(signer) });
  change = { version: 4, signers: [] };
  await received;
  expect(b.ran).toEqual([]);
  expect(states(b)).toEqual(['signature-invalid']);
});

test('a withdrawal, and a freeze that was let go, that come while a firing is proven end it', async () => {
  let [isStanding, brakedAt] = [true, 0];
  const b = bench({ isStanding: () => isStanding, brakedAt: () => brakedAt });
  const first = b.executor.fire(await firingOf(NOW));
  isStanding = false;
  await expect(first).rejects.toMatchObject({ code: 'standing-withdrawn' });
  isStanding = true;
  const second = b.executor.fire(await firingOf(NOW));
  brakedAt = NOW + 5;
  await expect(second).rejects.toMatchObject({ code: 'frozen' });
  expect(b.ran).toEqual([]);
});

/** One firing of a standing order of the bench's signer. */
async function firingOf(at: number): Promise<OwnOrder> {
  const { id, site, relay, targets, action, caps } = manifest();
  const signed = await signStanding(
    {
      ...{ v: 1, kind: 'standing', id: StandingId.parse(id), site, relay, targets, action, caps },
      ...{ name: 'x', trigger: { type: 'daily', minuteUtc: 0 }, coolDownMs: 60_000, charterVersion: 3, reason: '' },
      ...{ nbf: NOW + 1, exp: NOW + 86_400_000 },
    },
    [signer],
  );
  return { kind: 'standing', signed, key: `daily ${at}`, at, devices: [DEVICE] };
}
