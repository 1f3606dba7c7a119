// The relay's table of contents: what stands, in the order in which data climbs and orders come down.
import path from 'node:path';
import type { RelayConfig } from '#relay/config/relay-config.ts';
import { mebibytes } from '#relay/config/relay-config.ts';
import type { Executor } from '#relay/execute/executor.ts';
import { JOURNAL_SCHEMA } from '#relay/execute/journal.ts';
import { JournalFloor } from '#relay/execute/journal-floor.ts';
import { RefusalLog } from '#relay/execute/refusal-log.ts';
import { KNOWN_DEVICES_SCHEMA, KnownDevices } from '#relay/heal/known-devices.ts';
import { CharterStore } from '#relay/pin/charter-store.ts';
import { StoredDevicePins } from '#relay/pin/device-pins.ts';
import { FreezeStore } from '#relay/pin/freeze-store.ts';
import { type Enrolment, IdentityStore } from '#relay/pin/identity.ts';
import { openSealingKey } from '#relay/pin/sealing-key.ts';
import { StandingStore } from '#relay/pin/standing-store.ts';
import { WitnessStore } from '#relay/pin/witness-store.ts';
import { RosterKeeper } from '#relay/poll/roster.ts';
import { DurableSpool } from '#relay/spool/durable-spool.ts';
import type { Spool } from '#relay/spool/spool.ts';
import { ProbeDesk } from '#relay/transport/probe/probe-desk.ts';
import { probeHost } from '#relay/transport/probe/probe-host.ts';
import { VariableVault } from '#relay/transport/variable-vault.ts';
import { Vault } from '#relay/transport/vault.ts';
import type { Uplink } from '#relay/uplink/uplink.ts';
import { WATCH_SCHEMA } from '#relay/watch/watch-table.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { Roster } from '#shared/model/device.ts';
import type { WitnessMessage } from '#shared/protocol/witness.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { StopStack } from '#shared/runtime/stop-stack.ts';
import { type BreakGlass, composeBreakGlass } from './compose-break-glass.ts';
import { composeDevices, type DeviceRooms } from './compose-devices.ts';
import { composeExecutor } from './compose-execute.ts';
import { composeHistory, type History } from './compose-history.ts';
import { composeSessions } from './compose-sessions.ts';
import { composeStanding, type Standing } from './compose-standing.ts';
import { composeUplink } from './compose-uplink.ts';
import { composeWatch, type Watching } from './compose-watch.ts';
import { relayHealth } from './relay-health.ts';
import { brakeTaker } from './take-brake.ts';
import { checkpointTaker, type WitnessParts } from './take-checkpoint.ts';
import { sealedTaker, toldOf } from './take-credential.ts';

export interface RelayDeps {
  clock: Clock;
  log: Logger;
  stack: StopStack;
}

/** Starts a relay that is enrolled; throws `certificate-unknown` when it is not. What it opens is on the stack. */
export async function composeRelay(config: RelayConfig, { clock, log, stack }: RelayDeps): Promise<void> {
  const identity = new IdentityStore(config.data);
  const { enrolment } = identity;
  if (enrolment === undefined)
    throw new AppError('certificate-unknown', `${config.data}: not enrolled; run \`rmm relay enroll\` first`);
  const charters = await CharterStore.open(config.data);
  const freezes = FreezeStore.open(config.data);
  const pins = new StoredDevicePins(config.data);
  stack.add('pins', () => pins.stop());

  const spool = composeSpool(config, { clock, log, stack });

  const sealed = await openSealed(config, enrolment, { clock, log });
  const { vault, variables } = sealed;
  const refusals = refusalLog(spool, { clock, log });
  const known = knownDevices(spool, pins, () => roster);
  const watching = composeWatch(config.data, {
    ...{ clock, log, stack, spool, enrolment, charters, refusals, known, vault },
    ...{ rooms: () => rooms, roster: () => roster, isConsoleAway: () => !uplink.isConnected },
  });
  const rooms: DeviceRooms = composeDevices(config, {
    ...{ clock, log, stack, spool, pins, charters, vault, refusals, known, site: watching.site },
    onState: (record) => {
      orders.observe(record);
      watching.site.state(record);
      if (record.status === 'up') executor.deviceBack(record.device);
    },
  });
  const onBadRoster = (detail: string) => log.error({ detail }, 'roster file');
  const roster = new RosterKeeper(path.join(config.data, 'roster.json'), onBadRoster);

  const standing = StandingStore.open(config.data);
  const journalSince = journalFloor(config, spool);
  const trust = { enrolment, charters, freezes, standing, refusals, journalSince };
  const glass = glassOf({ data: config.data, clock, log, stack, spool, roster, pins, ...trust });
  const sessions = composeSessions(config, { clock, log, own: sealed.key, charters, spool, link: () => uplink });
  const execution = { pins, rooms, variables, glass, sessions: sessions.run };
  const executor = await composeExecutor({ clock, log, stack, spool, roster, ...trust, ...execution });
  glass.start(executor);
  const { orders, take: onStanding } = composeStanding({ clock, log, stack, spool, ...trust, executor, known });

  const probes = composeProbes(config, { clock, stack, spool, refusals, uplink: () => uplink });
  const history = composeHistory(config, { clock, log, stack, spool, rooms, place: enrolment, uplink: () => uplink });
  const onCheckpoint = composeWitness(config.data, stack, {
    ...{ clock, spool, refusals, relay: enrolment.relay, privateKey: () => identity.privateKey },
    send: (body: WitnessMessage) => uplink.tell({ type: 'WITNESS', body }),
  });
  const uplink: Uplink = composeUplink(
    { clock, log, stack },
    {
      ...{ spool, identity, charters, roster, refusals, streams: sessions.streams },
      onRoster: (next) => takeRoster(next, roster, { ...rooms, orders, known, executor, site: watching.site }),
      onCommand: (command) => executor.receive(command),
      onStanding,
      onWatch: watching.take,
      onLive: ({ devices, intervalMs, forMs }) => rooms.poller.boost(devices, intervalMs, forMs),
      onProbe: (question) => probes.receive(question),
      onHistory: history.receive,
      onCheckpoint,
      onFreeze: brakeTaker({ clock, charters, freezes, spool, refusals, onFrozen: () => stopAll(executor, glass) }),
      onCredential: sealedTaker({ clock, charters, ...sealed, spool, refusals, onChange: () => uplink.tellVault() }),
      vault: () => toldOf(sealed),
      health: healthOf(config, { clock, spool, rooms, identity, freezes, glass, history }),
    },
  );
  beginPolling(roster, rooms, watching);
}

const refusalLog = (outbox: DurableSpool, { clock, log }: Pick<RelayDeps, 'clock' | 'log'>): RefusalLog =>
  new RefusalLog({ clock, outbox, log: log.room('refusals'), onAlarm: (event) => outbox.addRecord(1, event) });

interface HealthOf {
  clock: Clock;
  spool: DurableSpool;
  rooms: DeviceRooms;
  identity: IdentityStore;
  freezes: FreezeStore;
  glass: BreakGlass;
  history: History;
}

const healthOf = (config: RelayConfig, { clock, spool, rooms, identity, freezes, glass, history }: HealthOf) =>
  relayHealth({
    clock,
    data: config.data,
    spool,
    poller: rooms.poller,
    certificateExpiresAt: () => identity.certificate?.expiresAt,
    frozenAt: () => freezes.frozen?.at,
    breakGlassUntil: () => glass.permits.current?.expiresAt,
    history: history.stats,
  });

/** What it remembers of the console's audit trail. */
function composeWitness(data: string, stack: StopStack, parts: Omit<WitnessParts, 'witness'>) {
  const witness = WitnessStore.open(data);
  stack.add('witness', () => witness.stop());
  return checkpointTaker({ ...parts, witness });
}

/** What was sealed for this relay, logins and variables, and the key that opens it. */
async function openSealed(
  { data }: RelayConfig,
  { site, relay }: Enrolment,
  { clock, log }: Pick<RelayDeps, 'clock' | 'log'>,
) {
  const key = await openSealingKey(data);
  const said = (what: string) => (detail: string) => log.error({ detail }, `a sealed ${what} cannot be read`);
  const [logins, values] = [path.join(data, 'vault'), path.join(data, 'variables')];
  return {
    key,
    vault: await Vault.open({ folder: logins, clock, key, place: { site, relay }, onBadFile: said('credential') }),
    variables: await VariableVault.open({ folder: values, clock, key, site, onBadFile: said('variable') }),
  };
}

function composeSpool(config: RelayConfig, { clock, log, stack }: RelayDeps): DurableSpool {
  const spool = new DurableSpool({
    file: path.join(config.data, 'spool.db'),
    clock,
    quotaBytes: mebibytes(config.spool.quotaMiB),
    prepare: (db) => db.exec(JOURNAL_SCHEMA + KNOWN_DEVICES_SCHEMA + WATCH_SCHEMA),
    onEvent: (event) => log.room('spool').warn(event, 'the spool has something to say'),
  });
  stack.add('spool', () => spool.stop());
  return spool;
}

function knownDevices(spool: DurableSpool, pins: StoredDevicePins, roster: () => RosterKeeper): KnownDevices {
  const isHere = (device: DeviceId) => roster().get(device) !== undefined;
  return new KnownDevices({ transact: (work) => spool.transact(work), pins, isHere });
}

/** Read once at the start, so that a file that does not read stops it. */
function journalFloor({ data }: RelayConfig, spool: DurableSpool): () => number {
  const floor = new JournalFloor(path.join(data, 'identity', 'journal.json'), () => spool.createdAt);
  floor.value();
  return () => floor.value();
}

/** A freeze ends a permit too: whoever wants to act through it says so to the next one. */
function stopAll(executor: Executor, { permits }: BreakGlass): void {
  try {
    permits.end('the site was frozen');
  } finally {
    executor.freeze();
  }
}

interface GlassParts extends RelayDeps {
  data: string;
  spool: DurableSpool;
  roster: RosterKeeper;
  pins: StoredDevicePins;
  enrolment: Enrolment;
  charters: CharterStore;
  refusals: RefusalLog;
}

function glassOf({
  data,
  clock,
  log,
  stack,
  spool,
  roster,
  pins,
  enrolment,
  charters,
  refusals,
}: GlassParts): BreakGlass {
  return composeBreakGlass({
    ...{ data, stack, spool, pins, log: log.room('break-glass') },
    clock: { ...clock, now: () => charters.now(clock) },
    machineNow: () => clock.now(),
    roster: () => roster.devices,
    place: () => ({ site: enrolment.site, relay: enrolment.relay, charter: charters.charter }),
    onRefused: (record) => void refusals.tell(record),
  });
}

interface ProbeParts extends Pick<RelayDeps, 'clock' | 'stack'> {
  spool: Spool;
  refusals: RefusalLog;
  uplink: () => Uplink;
}

function composeProbes(config: RelayConfig, { clock, stack, spool, refusals, uplink }: ProbeParts): ProbeDesk {
  const desk = new ProbeDesk({
    clock,
    probe: (target, signal) => probeHost(target, { clock, signal, rule: config.probe }),
    onAudit: (record) => spool.addRecord(0, record),
    onRefusal: (record) => void refusals.tell(record),
    answer: (body) => void uplink().tell({ type: 'PROBED', body }),
  });
  stack.add('probes', () => desk.stop());
  return desk;
}

/** The judges first: what they remember is there before the first poll. */
function beginPolling({ devices }: RosterKeeper, { poller }: DeviceRooms, { site, start }: Watching): void {
  site.setRoster(devices);
  start();
  poller.setRoster(devices);
  poller.start();
}

type TakenRooms = DeviceRooms &
  Pick<Standing, 'orders'> &
  Pick<Watching, 'site'> & { known: KnownDevices; executor: Pick<Executor, 'deviceBack' | 'forgetDevice'> };

function takeRoster(
  next: Roster,
  roster: RosterKeeper,
  { poller, pool, cache, watch, orders, known, executor, site }: TakenRooms,
): void {
  const { removed, changed } = roster.apply(next);
  for (const { device } of [...removed, ...changed]) pool.drop(device);
  for (const { device } of removed) {
    cache.forget(device);
    watch.forget(device);
    orders.forget(device);
    known.forget(device);
    executor.forgetDevice(device);
  }
  for (const { device } of changed) executor.deviceBack(device);
  site.setRoster(roster.devices);
  poller.setRoster(roster.devices);
}
