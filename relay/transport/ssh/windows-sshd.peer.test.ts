// A Windows machine over SSH: a real sshd under the name of Microsoft's, and a stand-in where its PowerShell would be. No Windows ran.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { EVENT_FILTERS } from '#relay/collect/event-log.ts';
import { windowsCollector } from '#relay/collect/windows/windows-collector.ts';
import { systemClock } from '#shared/base/clock.ts';
import { ManifestId, newId, systemRandom } from '#shared/base/id.ts';
import { makeTempFolder, type TempFolder } from '#test/fixtures/temp-folder.ts';
import { newEd25519Pem } from '#test/peers/odd-sshd.ts';
import { makeSshRelay, never, request, type SshRelay } from '#test/peers/ssh-relay.ts';
import { WindowsMachine } from '#test/peers/windows-host/windows-machine.ts';
import { type DefaultShell, startWindowsSshd, type WindowsSshd } from '#test/peers/windows-sshd.ts';

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
