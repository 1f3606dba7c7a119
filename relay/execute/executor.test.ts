// Proves what the relay runs and what it refuses, with real signatures and a real journal; only the device is a fake.
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import type { DevicePins } from '#relay/transport/pin-store.ts';
import type { RunResult, Session, SessionPool } from '#relay/transport/transport.ts';
import { DeviceId, ManifestId, RelayId, SiteId } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import type { Manifest, SignedManifest } from '#shared/model/manifest.ts';
import type { AuditRecord, OutcomeRecord } from '#shared/model/record.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { generateSigningKey } from '#shared/seal/key-pair.ts';
import { signBatch } from '#shared/seal/manifest-seal.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { Executor } from './executor.ts';
import { JOURNAL_SCHEMA } from './journal.ts';
import { DeviceWork } from './work.ts';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const SITE = SiteId.parse(id(1));
const RELAY = RelayId.parse(id(2));
const DEVICE = DeviceId.parse(id(3));
const OTHER = DeviceId.parse(id(4));
const NOW = 1_800_000_000_000;
const identity: DeviceIdentity = { machineId: 'abcdef0123456789', macs: [] };
const exited = (code: number): Outcome<RunResult> =>
  succeed({
    end: { kind: 'exit', code },
    stdout: new Uint8Array(),
    stderr: new Uint8Array(),
    isTruncated: false,
    hasOpenChild: false,
    durationMs: 1,
  });

const signer = await generateSigningKey();
const stranger = await generateSigningKey();
const charter: Charter = {
  v: 1,
  version: 3,
  site: SITE,
  profile: 'solo',
  issuedAt: NOW - 1_000,
  expiresAt: NOW + 86_400_000,
  owners: [stranger.publicKey],
  quorum: 1,
  signers: [{ kind: 'cli-ed25519', key: signer.publicKey, name: 'cli', role: 'technician' }],
  caps: { devicesPerManifest: 5, devicesPerTenMinutes: 6, maxTimeoutMs: 60_000, maxOutputBytes: 65_536 },
};

interface Bench {
  executor: Executor;
  clock: FakeClock;
  records: Array<OutcomeRecord | AuditRecord>;
  ran: string[];
  db: Database.Database;
  accepted: DeviceId[];
}

interface BenchOptions {
  db?: Database.Database;
  run?: (script: string, signal: AbortSignal) => Promise<Outcome<RunResult>>;
  seen?: DeviceIdentity;
  journalSince?: number;
  isKilled?: boolean;
  isAllTold?: boolean;
  /** Reaching the device takes until this resolves. */
  reach?: Promise<void>;
}

function bench(options: BenchOptions = {}): Bench {
  const db = options.db ?? new Database(':memory:');
  db.exec(JOURNAL_SCHEMA);
  const records: Bench['records'] = [];
  const ran: string[] = [];
  const accepted: DeviceId[] = [];
  const clock = new FakeClock(NOW);
  const session = {
    identity: options.seen ?? identity,
    isOpen: true,
    run: ({ script }: { script: string }, signal: AbortSignal) => {
      ran.push(script);
      return options.run?.(script, signal) ?? Promise.resolve(exited(0));
    },
  } as unknown as Session; // a fake that keeps the part of the contract that work uses
  const pool: SessionPool = {
    session: async () => {
      await options.reach;
      return succeed(session);
    },
    drop: () => undefined,
    stop: () => Promise.resolve(),
  };
  const pins: DevicePins = { get: () => undefined, set: () => undefined, delete: () => undefined };
  const executor = new Executor({
    clock,
    log: silentLogger,
    outbox: {
      transact: (work) => (db.inTransaction ? work(db) : db.transaction(work).immediate(db)),
      addRecords: (_lane, more) => void records.push(...more),
      addRecord: (_lane, record) => void records.push(record),
    },
    place: () => ({ site: SITE, relay: RELAY, charter }),
    onSignedTime: () => undefined,
    isAllTold: () => options.isAllTold ?? false,
    journalSince: () => options.journalSince ?? 0,
    roster: (device) =>
      device === DEVICE || device === OTHER
        ? { device, name: 'srv', transport: 'ssh', address: 'x', intervalMs: 60_000 }
        : undefined,
    work: new DeviceWork({ clock, pool, pins, onAccepted: (device) => void accepted.push(device) }),
  });
  // A killed process is never stopped in order.
  if (options.isKilled !== true) onTestFinished(() => executor.stop());
  return { executor, clock, records, ran, db, accepted };
}

let serial = 100;
function manifest(change: Partial<Manifest> = {}): Manifest {
  serial += 1;
  return {
    v: 1,
    id: ManifestId.parse(id(serial)),
    site: SITE,
    relay: RELAY,
    targets: [{ device: DEVICE, identity }],
    action: { name: 'command.run', arguments: { command: 'uptime' } },
    nbf: NOW,
    exp: NOW + 60_000,
    charterVersion: 3,
    caps: { timeoutMs: 1_000, outputBytes: 1_024, concurrency: 2 },
    reason: '',
    ...change,
  };
}

async function signedBy(key: typeof signer, change: Partial<Manifest> = {}): Promise<SignedManifest> {
  const [signed] = await signBatch([manifest(change)], key);
  if (signed === undefined) throw new Error('nothing was signed');
  return signed;
}

const settled = (b: Bench, count: number) =>
  expect
    .poll(() => b.records.filter((r) => r.type === 'outcome' && !['accepted', 'started'].includes(r.state)).length)
    .toBe(count);
const states = (b: Bench) => b.records.map((r) => (r.type === 'outcome' ? r.state : r.code));

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
  const b = bench();
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
