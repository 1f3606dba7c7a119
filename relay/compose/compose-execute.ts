// Joins what decides on orders: pinned charter, freeze, journal and the machine's sessions.
import { sendWake } from '#relay/execute/actions/send-wake.ts';
import { keepHandle } from '#relay/execute/cut-off-runs.ts';
import { Executor } from '#relay/execute/executor.ts';
import type { RefusalLog } from '#relay/execute/refusal-log.ts';
import { DeviceWork, type RunSession } from '#relay/execute/work.ts';
import { warnBeforeExpiry } from '#relay/pin/charter-expiry.ts';
import type { CharterStore } from '#relay/pin/charter-store.ts';
import type { FreezeStore } from '#relay/pin/freeze-store.ts';
import type { Enrolment } from '#relay/pin/identity.ts';
import type { StandingStore } from '#relay/pin/standing-store.ts';
import type { RosterKeeper } from '#relay/poll/roster.ts';
import type { DurableSpool } from '#relay/spool/durable-spool.ts';
import type { DevicePins } from '#relay/transport/pin-store.ts';
import type { VariableVault } from '#relay/transport/variable-vault.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { StopStack } from '#shared/runtime/stop-stack.ts';
import type { BreakGlass } from './compose-break-glass.ts';
import type { DeviceRooms } from './compose-devices.ts';

interface Parts {
  clock: Clock;
  log: Logger;
  stack: StopStack;
  enrolment: Enrolment;
  spool: DurableSpool;
  charters: CharterStore;
  freezes: FreezeStore;
  standing: StandingStore;
  refusals: RefusalLog;
  roster: RosterKeeper;
  pins: DevicePins;
  variables: Pick<VariableVault, 'open'>;
  rooms: DeviceRooms;
  journalSince: () => number;
  glass: BreakGlass;
  sessions: RunSession;
}

/** Takes up what the last life left, before any order can come. */
export async function composeExecutor(parts: Parts): Promise<Executor> {
  const { clock, spool, charters, freezes, enrolment, stack } = parts;
  const executor = new Executor({
    refusals: parts.refusals,
    random: Math.random,
    clock: { ...clock, now: () => charters.now(clock) },
    log: parts.log.room('execute'),
    outbox: parts.glass.outbox,
    permit: () => parts.glass.permits.current,
    place: () => ({ site: enrolment.site, relay: enrolment.relay, charter: charters.charter }),
    frozen: () => freezes.frozen,
    brakedAt: () => freezes.newestAt,
    isStanding: (id) => parts.standing.has(id),
    onSignedTime: (at) => charters.noteSignedTime(at),
    signedTime: () => charters.signedTime,
    isAllTold: () => spool.stats().lanes.every(({ lane, next, durable }) => lane !== 0 || durable >= next - 1),
    journalSince: parts.journalSince,
    roster: (device) => parts.roster.get(device),
    work: workOf(parts),
  });
  stack.add('commands', () => executor.stop());
  await executor.recover();
  stack.add(
    'charter expiry',
    warnBeforeExpiry({
      clock,
      charter: () => charters.charter,
      onWarning: (record) => spool.addRecord(1, record),
    }),
  );
  return executor;
}

function workOf({ clock, spool, pins, rooms, variables, sessions }: Parts): DeviceWork {
  return new DeviceWork({
    clock,
    pool: rooms.pool,
    pins,
    variables,
    sessions,
    onHandle: (run, handle) => keepHandle(spool, run, handle),
    wake: (macs) => sendWake(macs, clock),
    readInventory: (device, signal) => rooms.poller.readInventory(device, signal),
    onSamples: (device, samples) => {
      const refused = rooms.scripts.put(device, samples);
      // A check on what a script said waits for no turn of the device.
      rooms.poller.pollNow(device);
      return refused;
    },
    onAccepted: (device, identity) => {
      // Its system is not known before the next session, which the poll opens at once.
      spool.addRecord(1, { type: 'identity', device, at: clock.now(), verdict: 'new', identity, system: 'unknown' });
      rooms.poller.pollNow(device);
    },
  });
}
