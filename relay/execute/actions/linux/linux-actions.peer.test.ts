// Every action that Linux can do, executed on a real sshd in namespaces of its own, and what each changed is looked at there.
import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { CATALOGUE_NAMES, fitsSystem } from '#shared/model/actions/catalogue.ts';

const unshare = ['--net', '--mount', '--pid', '--fork', '--mount-proc'];
// Containers may forbid namespaces: nothing here is worth a folder of the machine that runs the tests.
const isAllowed = process.getuid?.() === 0 && spawnSync('unshare', [...unshare, 'true']).status === 0;

type Told = Record<string, unknown>;
let report: Record<string, Told> = {};

beforeAll(() => {
  if (!isAllowed) return;
  const machine = ['sh', 'test/peers/private-machine.sh', readlinkSync('/proc/self/ns/mnt')];
  const child = [process.execPath, '--import', 'tsx', 'test/peers/actions-child.ts'];
  const ran = spawnSync('unshare', [...unshare, ...machine, ...child], { encoding: 'utf8', timeout: 90_000 });
  expect(ran.stdout, ran.stderr).toMatch(/^\{/);
  report = JSON.parse(ran.stdout);
}, 100_000);

const test1 = test.skipIf(!isAllowed);

const DONE: Readonly<Record<string, Told>> = {
  'service.start': { detail: 'rmm-proof: before inactive, after active', isRunning: true },
  'service.restart': { detail: 'rmm-proof: before active, after active', isRunning: true },
  'service.stop': { detail: 'rmm-proof: before active, after inactive', isRunning: false },
  'service.enable': { detail: 'rmm-proof: before disabled, after enabled', isAtBoot: true },
  'service.disable': { detail: 'rmm-proof: before enabled, after disabled', isAtBoot: false },
  'process.kill one': { detail: '1 ended, 0 of them by force', left: [false, true] },
  'process.kill all': { detail: '1 ended, 0 of them by force', left: [false, false] },
  'process.kill stubborn': { detail: '1 ended, 1 of them by force', left: false, other: true },
  // Old files of both folders; not the new one, not what a service of systemd keeps, and never what a link leads to.
  'temp.clear': { detail: '2 files, 2000 bytes deleted', left: [false, false, true, true, true] },
  'disk.clean': { left: [false, true, false] },
  'log.clear': { detail: 'syslog was cleared, 1000 bytes', size: 0 },
  'dns.flush': { detail: 'flushed: dnsmasq', before: '10.1.1.1', after: '10.2.2.2' },
  'address.renew': { detail: 'asked anew: udhcpc', events: ['renew'] },
  'network.reset': { asked: 'restart', hasNeighbour: false, hasAddress: true },
  'user.logoff': { left: false },
  'user.lock': { asked: 'list-sessions --no-legend\nlock-sessions\n' },
  'health.check': { stdout: expect.stringMatching(/^(?:ok {3}|WARN) load [\d.]+ on \d+ cores$/m) },
  'system.info': { stdout: expect.stringMatching(/^kernel {4}\S+/m) },
  'inventory.collect': { facts: expect.arrayContaining(['os', 'hardware', 'disks', 'network', 'users']) },
  'device.reboot': { detail: expect.stringMatching(/^rebooted: back after \d+ s/), asked: '-r now\n-r now\n' },
  'device.shutdown': { detail: 'is down: it does not answer any more', asked: '-h now\n' },
};

test1.each(Object.entries(DONE))('%s does what it says', (name, wanted) => {
  expect(report[name]).toMatchObject({ state: 'succeeded', ...wanted });
});

test1.each([
  ['service.absent', 'failed', /no service named rmm-none here/],
  ['process.kill wrong pid', 'failed', /no process named a-process-with-a-long-name with id \d+ here/],
  ['log.clear escape', 'failed', /no log named/],
  ['user.logoff root', 'failed', /root or the user of this login/],
  ['rdp.enable', 'failed', /rdp\.enable is for windows; this is linux/],
  // A machine that was asked and does the same boot as before: nobody says that it rebooted.
  ['device.reboot that does not', 'unknown', /asked to reboot; it was not seen/],
])('%s is %s, in words', (name, state, words) => {
  expect(report[name]).toMatchObject({ state, detail: expect.stringMatching(words) });
});

test1(
  'the packet of Wake-on-LAN is on the wire byte for byte: to everybody, port 9, six of ones and sixteen times the address',
  () => {
    const { frames, state } = report['device.wake'] ?? {};
    expect(state).toBe('unknown');
    const all = Array.isArray(frames) ? frames.map(String) : [];
    expect(all.length).toBeGreaterThanOrEqual(3);
    for (const frame of all) {
      expect(frame.slice(0, 12)).toBe('ffffffffffff');
      // Behind the heads of Ethernet (14), IPv4 (20) and UDP (8).
      expect(frame.slice(2 * 36, 2 * 38)).toBe('0009');
      expect(frame.slice(2 * 42)).toBe(`ffffffffffff${'02005e102030'.repeat(16)}`);
    }
  },
);

test('no action that fits Linux is missing here', () => {
  const shown = new Set([...Object.keys(DONE), 'device.wake'].map((name) => name.split(' ')[0]));
  expect(shown).toEqual(new Set(CATALOGUE_NAMES.filter((name) => fitsSystem(name, 'linux'))));
});
