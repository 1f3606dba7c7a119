// This very machine as a device, over a real sshd: its processors are kept busy, a real filesystem is filled, it looks neglected, and all of it ends.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import { writeCredential } from '#console/cli/up/ssh-device.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { Severity } from '#shared/model/alert-words.ts';
import { CredentialName } from '#shared/model/device.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { startSshd } from '#test/peers/sshd.ts';
import { NEGLECTED, neglectedMachine } from './neglected-machine.ts';
import type { WatchRig } from './watch-rig.ts';

export const REAL_NAME = 'this-machine';
const INTERVAL_MS = 30_000;
/** The limit of 95 % less its margin of five, and a little: what is on the edge is no proof either way. */
const CLEARS_BELOW = 0.88;
/** Two polls, and an inventory on a busy machine. In real time. */
const READ_MS = 90_000;
/** Blocks of 1 KiB: small, so that nobody's disk is filled in earnest. */
const IMAGE_KB = 65_536;
const FILL_BYTES = 52 * 1_024 * 1_024;

export interface RealMachine extends AsyncDisposable {
  wanted: ReadonlyArray<{ check: string; severity: Severity; device: DeviceId }>;
  suffer(): Promise<void>;
  recover(): Promise<void>;
  /** What else runs here kept the processors busy since it recovered: then its check has nothing to clear by. */
  isBusyAnyway(): boolean;
}

export async function withRealMachine(rig: WatchRig): Promise<RealMachine> {
  const folder = makeTempFolder('rmm-real');
  const mount = path.join(folder.path, 'full');
  makeFilesystem(path.join(folder.path, 'image'), mount);
  const machine = neglectedMachine(folder.path);
  const sshd = await startSshd({ program: machine.program });
  const { user, clientKeyPem: privateKey, port } = sshd;
  const binding = { purpose: 'both', ranges: ['127.0.0.0/8'], weakest: 'key' };
  for (const name of ['real', 'real-too'])
    await writeCredential(rig.relay(0).folder, name, { user, privateKey, binding });
  const { id } = await rig.estate.api.devices.create({
    ...{ relayId: rig.relay(0).id, name: REAL_NAME, transport: 'ssh', address: '127.0.0.1', port },
    ...{ credential: 'real', intervalMs: INTERVAL_MS },
  });
  /** A login that changed makes it a first contact: its inventory is read within a minute instead of six hours. */
  const readAgain = (credential: string) =>
    rig.estate.api.devices.update({ id, credential: CredentialName.parse(credential) });
  const spinners: ChildProcess[] = [];
  let recoveredAt = ticks();
  const still = async () => {
    const over = spinners.splice(0).map(async (child) => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }
    });
    await Promise.all(over);
  };
  return {
    wanted: [
      { check: 'cpu.used', severity: 'high', device: id },
      { check: 'disk.free', severity: 'critical', device: id },
      ...NEGLECTED.map((one) => ({ ...one, device: id })),
    ],
    suffer: async () => {
      machine.neglect();
      await readAgain('real-too');
      // Before the processors are kept busy: time passes faster for the relay than for what it waits for.
      await rig.until(
        async () => (await rig.estate.api.alerts.list({ state: 'any', limit: 200 })).items,
        (alerts) =>
          NEGLECTED.every((one) =>
            alerts.some(
              (alert) => alert.check === one.check && alert.severity === one.severity && alert.deviceId === id,
            ),
          ),
        READ_MS,
      );
      writeFileSync(path.join(mount, 'filler'), Buffer.alloc(FILL_BYTES));
      const spin = ['-n', '19', process.execPath, '-e', 'for (;;);'];
      // Last in the queue: whatever else runs here goes first, and all that is left is used.
      for (let n = 0; n < availableParallelism(); n += 1) spinners.push(spawn('nice', spin, { stdio: 'ignore' }));
    },
    recover: async () => {
      rmSync(path.join(mount, 'filler'));
      await still();
      await machine.care();
      await readAgain('real');
      recoveredAt = ticks();
    },
    isBusyAnyway: () => {
      const now = ticks();
      return (now.busy - recoveredAt.busy) / (now.all - recoveredAt.all) > CLEARS_BELOW;
    },
    [Symbol.asyncDispose]: async () => {
      await still();
      await sshd.stop();
      await machine[Symbol.asyncDispose]();
      execFileSync('umount', [mount]);
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A filesystem of its own in a file: ext4, as relays look at no memory disks. */
function makeFilesystem(image: string, mount: string): void {
  mkdirSync(mount);
  execFileSync('mkfs.ext4', ['-q', '-m', '0', image, `${IMAGE_KB}`]);
  execFileSync('mount', ['-o', 'loop', image, mount]);
}

/** Of all processors since their boot, in milliseconds. */
function ticks(): { busy: number; all: number } {
  const times = cpus().map((one) => one.times);
  const idle = times.reduce((sum, one) => sum + one.idle, 0);
  const all = times.reduce((sum, one) => sum + one.user + one.nice + one.sys + one.irq + one.idle, 0);
  return { busy: all - idle, all };
}
