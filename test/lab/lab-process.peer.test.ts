// A lab in its own process answers like one at hand and ends with its parent's word.

import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
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
