// A relay's executor in a process of its own, to be killed: over real SSH or WinRM, on the disk that the parent gives it.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { keepHandle } from '#relay/execute/cut-off-runs.ts';
import { Executor } from '#relay/execute/executor.ts';
import { JOURNAL_SCHEMA } from '#relay/execute/journal.ts';
import { DeviceWork } from '#relay/execute/work.ts';
import { DurableSpool } from '#relay/spool/durable-spool.ts';
import type { SessionPool } from '#relay/transport/transport.ts';
import { systemClock } from '#shared/base/clock.ts';
import { Charter } from '#shared/model/charter.ts';
import { RosterEntry } from '#shared/model/device.ts';
import { Command } from '#shared/protocol/downstream.ts';
import { Ballast } from '#shared/runtime/ballast.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { relayNo } from '#test/fixtures/stream-kit.ts';
import { makeSshRelay } from '#test/peers/ssh-relay.ts';
import { MONITOR, makeWinrmRelay } from '#test/peers/winrm-relay.ts';

/** Where the device is and how to log in; a file only its owner may read. */
export const CancelPlan = z.strictObject({
  folder: z.string(),
  charter: Charter,
  entry: RosterEntry,
  ssh: z.strictObject({ user: z.string(), privateKey: z.string() }).optional(),
  winrm: z.strictObject({ user: z.string(), password: z.string(), tls: z.int(), plain: z.int() }).optional(),
});
export type CancelPlan = z.infer<typeof CancelPlan>;

function poolOf({ folder, ssh, winrm }: CancelPlan): SessionPool {
  if (ssh !== undefined) return makeSshRelay(folder, ssh).pool;
  if (winrm === undefined) throw new Error('neither SSH nor WinRM');
  const { user, password, tls, plain } = winrm;
  const relay = makeWinrmRelay(folder, { ports: { tls, plain } });
  relay.addLogin('main', { user, password, binding: { ...MONITOR, purpose: 'both' } });
  return relay.pool;
}

const plan = CancelPlan.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
mkdirSync(plan.folder, { recursive: true });
const clock = systemClock;
const spool = new DurableSpool({
  file: path.join(plan.folder, 'spool.db'),
  clock,
  ballast: new Ballast(path.join(plan.folder, 'ballast'), { sizeBytes: 4_096, freeBytes: () => 0 }),
  prepare: (db) => db.exec(JOURNAL_SCHEMA),
});
const executor = new Executor({
  ...{ clock, random: Math.random, log: silentLogger, outbox: spool },
  place: () => ({ site: plan.charter.site, relay: relayNo(1), charter: plan.charter }),
  ...{ onSignedTime: () => undefined, signedTime: () => clock.now(), isAllTold: () => false, journalSince: () => 0 },
  roster: () => plan.entry,
  work: new DeviceWork({
    ...{ clock, pool: poolOf(plan), onAccepted: () => undefined },
    pins: { get: () => undefined, set: () => undefined, delete: () => undefined },
    onHandle: (run, handle) => keepHandle(spool, run, handle),
  }),
});
await executor.recover();
process.on('message', (message) => void executor.receive(Command.parse(message)));
process.send?.('ready');
