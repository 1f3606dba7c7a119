// The part of a relay that decides: pinned charter, freeze, executor and journal as its compose joins them; only devices are counters.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { acceptCharter } from '#relay/compose/compose-uplink.ts';
import { brakeTaker } from '#relay/compose/take-brake.ts';
import { standingTaker } from '#relay/compose/take-standing.ts';
import { Executor } from '#relay/execute/executor.ts';
import { JOURNAL_SCHEMA } from '#relay/execute/journal.ts';
import { RefusalLog } from '#relay/execute/refusal-log.ts';
import { DeviceWork } from '#relay/execute/work.ts';
import { KNOWN_DEVICES_SCHEMA } from '#relay/heal/known-devices.ts';
import { StandingOrders } from '#relay/heal/standing-orders.ts';
import { CharterStore, storeFirstCharter } from '#relay/pin/charter-store.ts';
import { FreezeStore } from '#relay/pin/freeze-store.ts';
import { StandingStore } from '#relay/pin/standing-store.ts';
import { DurableSpool } from '#relay/spool/durable-spool.ts';
import type { RunResult, Session, SessionPool } from '#relay/transport/transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { RelayId } from '#shared/base/id.ts';
import { type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Charter, SignedCharter } from '#shared/model/charter.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import type { SignedBrake } from '#shared/model/freeze.ts';
import type { SignedManifest } from '#shared/model/manifest.ts';
import type { AuditRecord, OutcomeRecord, SpoolRecord } from '#shared/model/record.ts';
import type { SignedStanding } from '#shared/model/standing-order.ts';
import { Ballast } from '#shared/runtime/ballast.ts';
import { silentLogger } from '#shared/runtime/logger.ts';

/** What every simulated device shows. */
export const IDENTITY: DeviceIdentity = { machineId: 'abcdef0123456789', macs: [] };

/** A wall clock that an attacker may turn. */
export interface TurnedClock extends Clock {
  turn(byMs: number): void;
}

export interface DecidingRelay {
  relay: RelayId;
  /** Devices on which something ran or was pinned, one entry each time. */
  acted: string[];
  records: Array<AuditRecord | OutcomeRecord>;
  receive(signed: SignedManifest): Promise<void>;
  takeCharter(signed: SignedCharter): Promise<void>;
  takeBrake(signed: SignedBrake): Promise<void>;
  takeStanding(signed: SignedStanding): Promise<void>;
  /** Fires what is due, as every five seconds. */
  look(): Promise<void>;
  executor: Executor;
  /** As a process that was stopped and started: everything is read from its disk again. */
  restart(): Promise<DecidingRelay>;
  stop(): Promise<void>;
}

interface RelayOptions {
  folder: string;
  clock: TurnedClock;
  relay: RelayId;
  acted?: string[];
  records?: DecidingRelay['records'];
  /** How every command ends; 0 when absent. */
  exitCode?: number;
}

export function enrolAt(folder: string, signed: SignedCharter, charter: Charter): void {
  mkdirSync(path.join(folder, 'identity'), { recursive: true, mode: 0o700 });
  storeFirstCharter(folder, signed, charter);
}

export async function startDeciding(options: RelayOptions): Promise<DecidingRelay> {
  const { folder, clock, relay, acted = [], records = [] } = options;
  const spool = new DurableSpool({
    file: path.join(folder, 'spool.db'),
    clock,
    ballast: new Ballast(path.join(folder, 'ballast'), { sizeBytes: 4_096, freeBytes: () => 0 }),
    prepare: (db) => db.exec(JOURNAL_SCHEMA + KNOWN_DEVICES_SCHEMA),
  });
  const charters = await CharterStore.open(folder);
  const freezes = FreezeStore.open(folder);
  const outbox = {
    transact: spool.transact.bind(spool),
    addRecord: (lane: 0, record: SpoolRecord) => {
      if (record.type === 'audit') records.push(record);
      spool.addRecord(lane, record);
    },
    addRecords: (lane: 0, some: readonly OutcomeRecord[]) => {
      records.push(...some);
      spool.addRecords(lane, some);
    },
  };
  const refusals = new RefusalLog({ clock, outbox });
  const standing = StandingStore.open(folder);
  const executor = new Executor({
    refusals,
    clock: { ...clock, now: () => charters.now(clock) },
    random: Math.random,
    log: silentLogger,
    outbox,
    place: () => ({ site: charters.charter.site, relay, charter: charters.charter }),
    frozen: () => freezes.frozen,
    brakedAt: () => freezes.newestAt,
    isStanding: (id) => standing.has(id),
    onSignedTime: (at) => charters.noteSignedTime(at),
    signedTime: () => charters.signedTime,
    isAllTold: () => true,
    journalSince: () => 0,
    roster: (device) => ({ device, name: 'srv', transport: 'ssh', address: 'x', intervalMs: 60_000 }),
    work: countingWork(clock, acted, options),
  });
  await executor.recover();
  const stop = async () => {
    await executor.stop();
    await spool.stop();
  };
  const onFrozen = () => executor.freeze();
  // The spool of this bench takes what the records above say of it.
  const told = outbox as unknown as DurableSpool;
  return {
    relay,
    acted,
    records,
    executor,
    receive: (signed) => executor.receive({ kind: 'run', signed }),
    takeCharter: (signed) => acceptCharter({ charters, spool: told, refusals }, signed, clock),
    takeBrake: brakeTaker({ clock, charters, freezes, spool: told, refusals, onFrozen }),
    ...standingOf({ relay, clock, charters, freezes, standing, executor, spool: told, refusals }),
    restart: async () => {
      await stop();
      return startDeciding({ ...options, acted, records });
    },
    stop,
  };
}

interface StandingParts {
  relay: RelayId;
  clock: Clock;
  charters: CharterStore;
  freezes: FreezeStore;
  standing: StandingStore;
  executor: Executor;
  spool: DurableSpool;
  refusals: RefusalLog;
}

function standingOf({ relay, clock, charters, freezes, standing, executor, spool, refusals }: StandingParts) {
  const orders = new StandingOrders({
    clock: { ...clock, now: () => charters.now(clock) },
    log: silentLogger,
    store: standing,
    signedTime: () => charters.signedTime,
    executor,
    transact: (work) => spool.transact(work),
    journalSince: () => 0,
    candidates: () => [],
    onAlarm: () => undefined,
    onRefused: (record) => void refusals.tell(record),
  });
  const place = () => {
    const { charter } = charters;
    return { site: charter.site, relay, charter, now: charters.now(clock), since: freezes.newestAt };
  };
  return { takeStanding: standingTaker({ place, standing, spool, refusals }), look: () => orders.look() };
}

function countingWork(clock: Clock, acted: string[], { exitCode = 0 }: Pick<RelayOptions, 'exitCode'>): DeviceWork {
  const run = async (device: string, signal: AbortSignal): Promise<Outcome<RunResult>> => {
    acted.push(device);
    if (signal.aborted) return { ok: false, reason: 'cancelled', detail: 'stopped' };
    const nothing = new Uint8Array();
    return succeed({
      end: { kind: 'exit', code: exitCode },
      stdout: nothing,
      stderr: nothing,
      isTruncated: false,
      hasOpenChild: false,
      durationMs: 1,
    });
  };
  const pool: SessionPool = {
    session: ({ device }) =>
      Promise.resolve(
        // The part of a session that commands use.
        succeed({
          identity: IDENTITY,
          system: 'linux',
          isOpen: true,
          run: (_script: object, signal: AbortSignal) => run(device, signal),
        } as unknown as Session),
      ),
    drop: () => undefined,
    stop: () => Promise.resolve(),
  };
  const pins = { get: () => undefined, set: (device: string) => void acted.push(device), delete: () => undefined };
  return new DeviceWork({ clock, pool, pins, onAccepted: () => undefined });
}
