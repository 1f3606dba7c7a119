// A Windows machine over SSH: a real sshd under the name of Microsoft's, and a stand-in where its PowerShell would be. No Windows ran.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { EVENT_FILTERS } from '#relay/collect/event-log.ts';
import { windowsCollector } from '#relay/collect/windows/windows-collector.ts';
import type { SessionWay } from '#relay/transport/transport.ts';
import { systemClock } from '#shared/base/clock.ts';
import { ManifestId, newId, systemRandom } from '#shared/base/id.ts';
import { makeTempFolder, type TempFolder } from '#test/fixtures/temp-folder.ts';
import { newEd25519Pem } from '#test/peers/odd-sshd.ts';
import { makeSshRelay, never, request, type SshRelay } from '#test/peers/ssh-relay.ts';
import { startSshd } from '#test/peers/sshd.ts';
import { WindowsMachine } from '#test/peers/windows-host/windows-machine.ts';
import { type DefaultShell, startWindowsSshd, type WindowsSshd } from '#test/peers/windows-sshd.ts';
import { MONITOR, makeWinrmRelay } from '#test/peers/winrm-relay.ts';

const machine = new WindowsMachine({ seed: 1, index: 0, clock: systemClock, address: '127.0.0.1' });
const ORDER = { purpose: 'act', order: ManifestId.parse(newId(1)) } as const;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
let windows: WindowsSshd;
let folder: TempFolder;
let relay: SshRelay;

beforeAll(async () => {
  windows = await startWindowsSshd(machine);
});
afterAll(() => windows.stop());
beforeEach(() => {
  windows.defaultShell = 'cmd';
  folder = makeTempFolder();
  relay = makeSshRelay(folder.path, { user: windows.sshd.user, privateKey: windows.sshd.clientKeyPem });
});
afterEach(async () => {
  await relay.pool.stop();
  await folder[Symbol.asyncDispose]();
});

const device = () => relay.device(windows.sshd.port);

test.each<DefaultShell>(['cmd', 'powershell'])(
  'behind %s: who it is, its counters, inventory and event logs',
  async (shell) => {
    windows.defaultShell = shell;
    windows.lines.length = 0;
    const entry = device();
    const session = await relay.session(entry);
    expect(session).toMatchObject({ system: 'windows', hostname: machine.name.toLowerCase() });
    expect(session.way).toMatchObject({ transport: 'ssh', auth: 'key', seal: 'ssh' });
    expect(relay.pins.get(entry.device)).toMatchObject({
      machineId: machine.machineGuid,
      smbiosUuid: machine.base.smbiosUuid,
      hostKey: windows.sshd.hostKeyFingerprint,
    });
    const collector = windowsCollector(systemRandom);
    const hot = await collector.collectHot(session, never);
    expect(hot.ok && hot.value.samples.length).toBeGreaterThan(10);
    const cold = await collector.collectCold(session, never);
    const kinds = cold.ok ? cold.value.facts.map(({ kind }) => kind) : [];
    expect(kinds).toEqual(expect.arrayContaining(['os', 'hardware', 'services', 'packages', 'security-scan']));
    const events = await collector.collectEvents?.(session, { filters: EVENT_FILTERS, marks: {} }, never);
    expect(events).toMatchObject({ ok: true });
    // Always the same words: nothing of a script stands on a command line.
    expect(windows.lines.length).toBeGreaterThan(3);
    expect(new Set(windows.lines).size).toBe(1);
  },
);

test('an order: outputs, an error in words, a variable that is hidden, and the exit code', async () => {
  const opened = await relay.pool.session(device(), never, ORDER);
  if (!opened.ok) throw new Error(opened.detail);
  const script = "Write-Output \"it's $env:TOKEN\"\nWrite-Error 'no'\nexit 7";
  const ran = await opened.value.run(request(script, { variables: new Map([['TOKEN', 'S3cret-value-1']]) }), never);
  expect(ran).toMatchObject({ ok: true, value: { end: { kind: 'exit', code: 7 }, isTruncated: false } });
  expect(ran.ok && text(ran.value.stdout)).toBe("it's ***\r\n");
  expect(ran.ok && text(ran.value.stderr)).toMatch(/^no\r?\n/);
  expect(windows.lines.join()).not.toMatch(/TOKEN|S3cret/);
});

test('a login for monitoring runs no order, and a wrong one is offered once', async () => {
  const monitor = { purpose: 'monitor', ranges: ['127.0.0.0/8'], weakest: 'password' } as const;
  const own = { user: windows.sshd.user, privateKey: windows.sshd.clientKeyPem };
  relay.credentials.add('main', { ...own, binding: { ...monitor, ranges: [...monitor.ranges] } });
  const entry = device();
  expect(await relay.pool.session(entry, never, ORDER)).toMatchObject({ ok: false, reason: 'credential-not-allowed' });
  relay.addLogin('main', { ...own, privateKey: newEd25519Pem() });
  const before = windows.sshd.log().length;
  for (let i = 0; i < 3; i += 1) expect(await relay.pool.session(entry, never)).toMatchObject({ reason: 'denied' });
  expect(
    windows.sshd
      .log()
      .slice(before)
      .match(/Failed publickey/g),
  ).toHaveLength(1);
});

test('what is cancelled or takes too long is ended on the machine before anybody is told', async () => {
  const session = await relay.session(device());
  const stop = new AbortController();
  const running = session.run(request('Start-Sleep 60'), stop.signal);
  await expect.poll(() => windows.running(), { timeout: 10_000 }).toHaveLength(1);
  stop.abort();
  expect(await running).toMatchObject({ ok: false, reason: 'cancelled', detail: 'peer: stopped by us' });
  expect(windows.running()).toEqual([]);
  expect(session.isOpen).toBe(true);
  const late = await session.run(request('Start-Sleep 60', { timeoutMs: 200 }), never);
  expect(late).toMatchObject({ ok: false, reason: 'timed-out', detail: 'peer: no end within 200 ms' });
  expect(windows.running()).toEqual([]);
});

test('a file is written and read back through PowerShell', async () => {
  const session = await relay.session(device());
  expect(await session.write('C:\\rmm.txt', Buffer.from('hello'), never)).toMatchObject({ ok: true });
  const back = await session.read('C:\\rmm.txt', 1_000, never);
  expect(back.ok && text(back.value)).toBe('hello');
});

/** Neither port of WinRM answers. */
function winrmTo(
  ssh: number,
  login: Partial<{ transports: Array<'winrm' | 'ssh'>; privateKey: string; plain: number }> = {},
) {
  const { transports = ['winrm', 'ssh'], privateKey = windows.sshd.clientKeyPem, plain = 1 } = login;
  const own = makeWinrmRelay(folder.path, { ports: { tls: 1, plain, ssh } });
  own.addLogin('main', {
    user: windows.sshd.user,
    privateKey,
    binding: { ...MONITOR, transports, ntlmOverHttp: true },
  });
  onTestFinished(() => own.stop());
  return own;
}
const connections = () => windows.sshd.log().match(/Connection from/g)?.length ?? 0;

test('of a device that is met over WinRM it is the last way before NTLM in the clear, and then the only one', async () => {
  let knocks = 0;
  const http = createServer((socket) => {
    knocks += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void http.close());
  await once(http, 'listening');
  // Its type is of a pipe too, and this is none.
  const own = winrmTo(windows.sshd.port, { plain: (http.address() as AddressInfo).port });
  const entry = own.device();
  const way = { transport: 'ssh', port: windows.sshd.port, auth: 'key', seal: 'ssh' };
  expect(await own.open(entry)).toMatchObject({ ok: true, value: { system: 'windows', way } });
  own.pool.drop(entry.device);
  expect(await own.open(entry)).toMatchObject({ ok: true });
  expect(own.told).toEqual([way]);
  expect(own.lost).toEqual([]);
  expect(knocks).toBe(0);
});

test('nobody knocks there with a login that does not name SSH, nor for a device with a port', async () => {
  const before = connections();
  const silent = winrmTo(windows.sshd.port, { transports: ['winrm'] });
  expect(await silent.open(silent.device())).toMatchObject({ ok: false });
  const own = winrmTo(windows.sshd.port);
  expect(await own.open(own.device({ port: 1 }))).toMatchObject({ ok: false });
  expect(connections()).toBe(before);
});

test.each<[string, Pick<SessionWay, 'auth' | 'seal'>, boolean]>([
  ['TLS', { auth: 'ntlm', seal: 'tls' }, false],
  ['Kerberos', { auth: 'kerberos', seal: 'sealed' }, false],
  ['NTLM over plain HTTP', { auth: 'ntlm', seal: 'sealed' }, true],
])('once a device was reached by %s, SSH follows only where it is stronger', async (_, way, isTaken) => {
  const own = winrmTo(windows.sshd.port);
  const entry = own.device();
  const floor = { transport: 'winrm', port: 1, ...way } as const;
  own.pins.setWays(entry.device, { floor, told: floor });
  const before = connections();
  const opened = await own.open(entry);
  expect(opened.ok).toBe(isTaken);
  expect(connections() - before).toBe(isTaken ? 1 : 0);
  expect(own.lost).toHaveLength(isTaken ? 0 : 1);
});

test('a device that was reached by it is told as lost once it is closed, and nothing else is tried', async () => {
  const own = winrmTo(1, { plain: windows.sshd.port });
  const entry = own.device();
  const floor = { transport: 'ssh', port: 1, auth: 'key', seal: 'ssh' } as const;
  own.pins.setWays(entry.device, { floor, told: floor });
  const before = connections();
  expect(await own.open(entry)).toMatchObject({ ok: false, reason: 'refused' });
  expect(own.lost).toMatchObject([{ detail: expect.stringContaining('last reached over SSH with a key: not tried') }]);
  expect(connections()).toBe(before);
});

test('a server that does not say it is Windows gets no login, and one that denies ends it', async () => {
  const plain = await startSshd();
  onTestFinished(() => plain.stop());
  const own = winrmTo(plain.port);
  const opened = await own.open(own.device());
  expect(opened).toMatchObject({ ok: false, reason: 'refused' });
  expect(!opened.ok && opened.detail).toContain('does not say that it is Windows');
  expect(plain.log()).not.toMatch(/Accepted|Failed|authenticating user/);
  const wrong = winrmTo(windows.sshd.port, { privateKey: newEd25519Pem() });
  expect(await wrong.open(wrong.device())).toMatchObject({ ok: false, reason: 'denied' });
});
