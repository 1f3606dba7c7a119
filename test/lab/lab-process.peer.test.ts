// A lab in its own process answers like one at hand and ends with its parent's word.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { Roster } from '#shared/model/device.ts';
import { startLab } from './lab.ts';
import { startLabProcess } from './lab-process.ts';
import { labCredential, rosterFragment } from './roster-fragment.ts';

test('it listens, takes switches, counts, and leaves no process and no file', async () => {
  const lab = await startLabProcess({ devices: 3, base: '127.20.7.1', seed: 5, isAudit: true });
  onTestFinished(() => lab.stop());
  expect(lab.devices.map(({ address }) => address)).toEqual(['127.20.7.1', '127.20.7.2', '127.20.7.3']);
  const banner = async () => {
    const socket = connect(lab.port, '127.20.7.2');
    const [bytes] = await once(socket, 'data');
    socket.destroy();
    return String(bytes);
  };
  expect(await banner()).toMatch(/^SSH-2\.0-OpenSSH/);
  expect((await lab.counts()).map(({ connections }) => connections)).toEqual([0, 1, 0]);
  await lab.set(1, { isDown: true });
  await expect(banner()).rejects.toThrow(/ECONNRESET/);
  await lab.heal(1);
  await lab.swap(0, 1);
  await lab.reboot(2);
  expect(await banner()).toMatch(/^SSH-2\.0/);
  expect((await lab.counts()).map(({ connections }) => connections)).toEqual([1, 1, 0]);
  await expect(lab.heal(3)).rejects.toThrow('no device 3');
  await lab.stop();
  expect(existsSync(`/proc/${lab.pid}`)).toBe(false);
});

test('a lab that is told to end removes the file that holds its key', async () => {
  const entry = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', entry, '--devices', '1']);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { devicesFile } = JSON.parse(String(line));
  expect(statSync(devicesFile).mode & 0o777).toBe(0o600);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(existsSync(devicesFile)).toBe(false);
});

test('the roster fragment is a roster, marked as simulated, the same at each start', async () => {
  const rosters = [];
  for (let start = 0; start < 2; start += 1) {
    await using lab = await startLab({ devices: 4, seed: 9 });
    const devices = rosterFragment(lab.devices, { credential: 'lab', intervalMs: 10_000 });
    expect(() => Roster.parse({ version: 1, devices })).not.toThrow();
    expect(devices.every(({ simulated, name }) => simulated === true && name.startsWith('sim-'))).toBe(true);
    expect(labCredential(lab.devices)).toMatchObject({ user: 'lab' });
    rosters.push(devices.map(({ device, name }) => ({ device, name })));
  }
  expect(rosters[0]).toEqual(rosters[1]);
});
