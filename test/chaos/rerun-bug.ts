// The planted bug of the journal: a relay that dies in mid-command and runs the command again when it is back.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Executor } from '#relay/execute/executor.ts';
import { JOURNAL_SCHEMA } from '#relay/execute/journal.ts';
import { DeviceWork } from '#relay/execute/work.ts';
import { DurableSpool } from '#relay/spool/durable-spool.ts';
import type { DevicePins } from '#relay/transport/pin-store.ts';
import type { RunResult, Session, SessionPool } from '#relay/transport/transport.ts';
import { systemClock } from '#shared/base/clock.ts';
import { type DeviceId, ManifestId, newId } from '#shared/base/id.ts';
import { type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import { decodeRecords } from '#shared/protocol/record-codec.ts';
import { Ballast } from '#shared/runtime/ballast.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { generateSigningKey, type SigningKey } from '#shared/seal/key-pair.ts';
import { signBatch } from '#shared/seal/manifest-seal.ts';
import { deviceNo, relayNo, siteNo } from '#test/fixtures/stream-kit.ts';
import type { BugOptions, Found } from './stream-bugs.ts';

const DEVICES = [1, 2, 3].map(deviceNo);
/** Orders under way when the relay dies; of each, one device runs and the others wait their turn. */
const ORDERS = 4;
const IDENTITY: DeviceIdentity = { machineId: 'abcdef0123456789', macs: [] };
const VALID_MS = 60_000;
/** More than enough for a few commits; the answer is then what it is. */
const PATIENCE_MS = 5_000;

const EXITED: Outcome<RunResult> = succeed({
  end: { kind: 'exit', code: 0 },
  stdout: new Uint8Array(),
  stderr: new Uint8Array(),
  isTruncated: false,
  hasOpenChild: false,
  durationMs: 1,
});

/** What ran on the devices, whatever life of the relay began it: one entry for each run of each order. */
type Marker = string[];

interface Life {
  spool: DurableSpool;
  executor: Executor;
}

export async function rerunStarted(options: BugOptions): Promise<Found> {
  const folder = path.join(options.folder, `rerun-${options.isPlanted ? 'bug' : 'control'}`);
  const signer = await generateSigningKey();
  const charter = charterOf(signer);
  const marker: Marker = [];
  const never = new Promise<never>(() => undefined);
  const dying = begin(path.join(folder, 'dying'), { charter, isPlanted: false, marker, onRun: () => never });
  for (let n = 0; n < ORDERS; n += 1) await dying.executor.receive({ kind: 'run', signed: await order(signer, n) });
  await until(() => marker.length >= ORDERS);
  copySpool(path.join(folder, 'dying'), path.join(folder, 'back'));
  const onRun = () => Promise.resolve(EXITED);
  const back = begin(path.join(folder, 'back'), { charter, isPlanted: options.isPlanted, marker, onRun });
  try {
    await back.executor.recover();
    await until(() => finals(back.spool).length >= ORDERS * DEVICES.length);
    return wrongRuns(marker, finals(back.spool));
  } finally {
    await back.executor.stop();
    await back.spool.stop();
    await dying.spool.stop();
  }
}

interface LifeOptions {
  charter: Charter;
  isPlanted: boolean;
  marker: Marker;
  onRun: () => Promise<Outcome<RunResult>>;
}

function begin(folder: string, { charter, isPlanted, marker, onRun }: LifeOptions): Life {
  mkdirSync(folder, { recursive: true });
  const clock = systemClock;
  const spool = new DurableSpool({
    file: path.join(folder, 'spool.db'),
    clock,
    ballast: new Ballast(path.join(folder, 'ballast'), { sizeBytes: 4_096, freeBytes: () => 0 }),
    prepare: (db) => db.exec(JOURNAL_SCHEMA),
  });
  const pins: DevicePins = { get: () => undefined, set: () => undefined, delete: () => undefined };
  const executor = new Executor({
    clock,
    random: Math.random,
    log: silentLogger,
    outbox: spool,
    place: () => ({ site: siteNo(1), relay: relayNo(1), charter }),
    onSignedTime: () => undefined,
    signedTime: () => clock.now(),
    isAllTold: () => false,
    journalSince: () => 0,
    roster: (device) => ({ device, name: 'srv', transport: 'ssh', address: 'x', intervalMs: 60_000 }),
    work: new DeviceWork({ clock, pool: poolOf(marker, onRun), pins, onAccepted: () => undefined }),
    faults: { rerunStarted: isPlanted },
  });
  return { spool, executor };
}

function poolOf(marker: Marker, onRun: LifeOptions['onRun']): SessionPool {
  const sessionOf = (device: DeviceId) =>
    ({
      identity: IDENTITY,
      isOpen: true,
      run: ({ script }: { script: string }) => {
        marker.push(`${script} ${device}`);
        return onRun();
      },
    }) as unknown as Session; // the part of the contract that commands use
  return {
    session: ({ device }) => Promise.resolve(succeed(sessionOf(device))),
    drop: () => undefined,
    stop: () => Promise.resolve(),
  };
}

function copySpool(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of ['spool.db', 'spool.db-wal']) {
    if (existsSync(path.join(from, name))) copyFileSync(path.join(from, name), path.join(to, name));
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS && !isTrue(); waited += 10) await systemClock.sleep(10);
}

interface Final {
  run: string;
  state: string;
}

/** What the spool says came of each order on each device. */
function finals(spool: DurableSpool): Final[] {
  const items = spool.read(0, 1, 1_000, 16 * 1_048_576);
  return items.flatMap((item) => {
    const decoded = 'batch' in item ? decodeRecords(item.batch.data) : undefined;
    return (decoded?.ok === true ? decoded.records : []).flatMap((record) =>
      record.type === 'outcome' && record.state !== 'accepted' && record.state !== 'started'
        ? [{ run: `${record.manifest} ${record.device}`, state: record.state }]
        : [],
    );
  });
}

/** Runs beyond the first, and successes of what never ran. */
function wrongRuns(marker: Marker, ends: readonly Final[]): Found {
  const again = marker.length - new Set(marker).size;
  const untrue = ends.filter(({ run, state }) => state === 'succeeded' && !marker.includes(run)).length;
  return again + untrue;
}

const charterOf = (signer: SigningKey): Charter => ({
  v: 1,
  version: 1,
  site: siteNo(1),
  profile: 'solo',
  issuedAt: systemClock.now() - 1_000,
  expiresAt: systemClock.now() + 86_400_000,
  owners: [signer.publicKey],
  quorum: 1,
  signers: [{ kind: 'cli-ed25519', key: signer.publicKey, name: 'cli', role: 'technician' }],
  caps: { devicesPerManifest: 5, devicesPerTenMinutes: 100, maxTimeoutMs: 60_000, maxOutputBytes: 65_536 },
  // What is cut off is under way at once, not waiting to be stopped.
  tiers: { t3: { stopMs: 0 } },
});

/** The command is the order's own id, so that the marker says which order ran. */
async function order(signer: SigningKey, n: number) {
  const now = systemClock.now();
  const id = ManifestId.parse(newId(now + n));
  const manifest: Manifest = {
    v: 1,
    id,
    site: siteNo(1),
    relay: relayNo(1),
    targets: DEVICES.map((device) => ({ device, identity: IDENTITY })),
    action: { name: 'command.run', arguments: { command: id } },
    nbf: now - 1_000,
    exp: now + VALID_MS,
    charterVersion: 1,
    caps: { timeoutMs: 10_000, outputBytes: 1_024, concurrency: 1 },
    reason: '',
  };
  const [signed] = await signBatch([manifest], signer);
  if (signed === undefined) throw new Error('nothing was signed');
  return signed;
}
