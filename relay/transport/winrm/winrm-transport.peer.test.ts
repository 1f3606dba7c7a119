// The WinRM transport against a fake Windows host: which way it takes, what it refuses, and that it never goes below what it reached.
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { allInstances } from '#relay/transport/cim.ts';
import { systemClock } from '#shared/base/clock.ts';
import { fail } from '#shared/base/outcome.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { startWindowsHost, type WindowsHost } from '#test/peers/windows-host/windows-host.ts';
import { WindowsMachine } from '#test/peers/windows-host/windows-machine.ts';
import { MONITOR, makeWinrmRelay } from '#test/peers/winrm-relay.ts';
import type { KerberosSource } from './winrm-login.ts';

let host: WindowsHost;
/** Nobody listens there. */
const CLOSED = 1;

beforeAll(async () => {
  host = await startWindowsHost({ lockoutThreshold: 5 });
});
afterAll(() => host.stop());
beforeEach(() => {
  host.host.heal();
  host.host.accounts.setPassword(host.user, host.password);
});

function relayTo(ports: { tls: number; plain: number }, binding = MONITOR, kerberos?: KerberosSource) {
  const folder = makeTempFolder('rmm-winrm');
  const relay = makeWinrmRelay(folder.path, { ports, ...(kerberos && { kerberos }) });
  relay.addLogin('main', { user: host.user, password: host.password, binding });
  onTestFinished(async () => {
    await relay.stop();
    await folder[Symbol.asyncDispose]();
  });
  return relay;
}
const both = () => ({ tls: host.tlsPort, plain: host.port });
const OVER_HTTP = { ...MONITOR, ntlmOverHttp: true } as const;

test('TLS first: the key of its certificate is pinned, who it is is read, and the way is told', async () => {
  const relay = relayTo(both());
  const entry = relay.device();
  const opened = await relay.open(entry);
  expect(opened).toMatchObject({
    ok: true,
    value: { system: 'windows', hostname: host.model.name.toLowerCase(), address: '127.0.0.1' },
  });
  expect(relay.pins.get(entry.device)).toMatchObject({ hostKey: host.certificate.keyFingerprint });
  expect(relay.told).toEqual([{ transport: 'winrm', port: host.tlsPort, auth: 'ntlm', seal: 'tls' }]);
});

test('a realm that a roster names alone is never asked: whoever answered for it would be shown a proof of the password', async () => {
  const asked: string[] = [];
  const relay = relayTo(both(), MONITOR, {
    newContext: ({ principal }) => {
      asked.push(principal);
      return Promise.resolve(fail('unreachable', 'no such realm'));
    },
  });
  const named = { spn: 'HTTP/win.example.test', realm: 'ATTACKER.TEST' };
  expect(await relay.open(relay.device(named))).toMatchObject({
    ok: true,
    value: { way: { auth: 'ntlm', seal: 'tls' } },
  });
  expect(asked).toEqual([]);
  const sealed = relayTo({ tls: CLOSED, plain: host.port });
  const opened = await sealed.open(sealed.device(named));
  expect(!opened.ok && opened.detail).toContain('realm ATTACKER.TEST is not asked');
});

test('PowerShell runs as an order, with its output and its exit code', async () => {
  const relay = relayTo(both(), { ...MONITOR, purpose: 'both' });
  const opened = await relay.open(relay.device(), 'act');
  if (!opened.ok) throw new Error(opened.detail);
  const request = { script: "Write-Output 'hello'\nexit 3", timeoutMs: 10_000, maxOutputBytes: 1_024 };
  const ran = await opened.value.run(request, new AbortController().signal);
  expect(ran).toMatchObject({ ok: true, value: { end: { kind: 'exit', code: 3 } } });
  expect(ran.ok && Buffer.from(ran.value.stdout).toString()).toBe('hello\r\n');
});

test('a changed certificate is refused before anything is offered', async () => {
  const relay = relayTo(both());
  const entry = relay.device();
  await relay.open(entry);
  relay.pool.drop(entry.device);
  await host.host.renewCertificate();
  const { attempts } = host.host.counts;
  const opened = await relay.open(entry);
  expect(opened).toMatchObject({ ok: false, reason: 'host-key-changed' });
  expect(host.host.counts.attempts).toBe(attempts);
});

test('without TLS and without leave no login goes over plain HTTP, and nobody knocks there', async () => {
  const relay = relayTo({ tls: CLOSED, plain: host.port });
  const { connections } = host.host.counts;
  const opened = await relay.open(relay.device());
  expect(opened).toMatchObject({ ok: false, reason: 'credential-not-allowed' });
  expect(!opened.ok && opened.detail).toMatch(
    /port 1: the port is closed.*not for NTLM over plain HTTP.*--ntlm-over-http/,
  );
  expect(host.host.counts.connections).toBe(connections);
});

test('where its binding allows it a monitoring login is sealed over plain HTTP, and no order ever is', async () => {
  const relay = relayTo({ tls: CLOSED, plain: host.port }, OVER_HTTP);
  const entry = relay.device();
  expect(await relay.open(entry)).toMatchObject({ ok: true });
  expect(relay.told).toMatchObject([{ port: host.port, auth: 'ntlm', seal: 'sealed' }]);
  relay.addLogin('orders', { user: host.user, password: host.password, binding: { ...MONITOR, purpose: 'act' } });
  const order = await relay.open(entry, 'act');
  expect(order).toMatchObject({ ok: false, reason: 'credential-not-allowed' });
  expect(!order.ok && order.detail).toContain('orders never go out over plain HTTP with NTLM');
});

test('a session whose port closes under it is over, and the next one says what was lost', async () => {
  const ports = both();
  const relay = relayTo(ports);
  const entry = relay.device();
  const opened = await relay.open(entry);
  if (!opened.ok) throw new Error(opened.detail);
  await host.host.renewCertificate();
  host.host.cut();
  const { signal } = new AbortController();
  const limits = { timeoutMs: 5_000, maxInstances: 10, maxBytes: 65_536 };
  const asked = { from: 'Win32_OperatingSystem', select: { Version: 'text' } } as const;
  const cim = opened.value.cim ?? expect.fail('no CIM');
  expect(await allInstances(cim, asked, limits, signal)).toMatchObject({ ok: false, reason: 'host-key-changed' });
  expect(opened.value.isOpen).toBe(false);
  expect(await relay.open(entry)).toMatchObject({ ok: false, reason: 'host-key-changed' });
});

test('over plain HTTP another machine at the address is seen behind the next login', async () => {
  const relay = relayTo({ tls: CLOSED, plain: host.port }, OVER_HTTP);
  const opened = await relay.open(relay.device());
  if (!opened.ok) throw new Error(opened.detail);
  const cim = opened.value.cim ?? expect.fail('no CIM');
  const { signal } = new AbortController();
  const limits = { timeoutMs: 5_000, maxInstances: 10, maxBytes: 65_536 };
  const asked = { from: 'Win32_OperatingSystem', select: { Version: 'text' } } as const;
  host.host.cut();
  expect(await allInstances(cim, asked, limits, signal)).toMatchObject({ ok: true });
  const other = new WindowsMachine({ seed: 2, index: 7, clock: systemClock, address: '127.0.0.1' });
  const read = vi.spyOn(host.model.cim, 'items').mockImplementation((...asked) => other.cim.items(...asked));
  onTestFinished(() => read.mockRestore());
  host.host.cut();
  expect(await allInstances(cim, asked, limits, signal)).toMatchObject({ ok: false, reason: 'identity-changed' });
  expect(opened.value.isOpen).toBe(false);
});

test('5986 closed after it was reached: told once, and nothing weaker is tried', async () => {
  const ports = both();
  const relay = relayTo(ports, OVER_HTTP);
  const entry = relay.device();
  expect(await relay.open(entry)).toMatchObject({ ok: true });
  relay.pool.drop(entry.device);
  const { connections } = host.host.counts;
  ports.tls = CLOSED;
  for (let round = 0; round < 3; round += 1) {
    const opened = await relay.open(entry);
    expect(opened).toMatchObject({ ok: false, reason: 'refused' });
    expect(!opened.ok && opened.detail).toBe(
      'win: port 1: the port is closed; this device was last reached over TLS with NTLM: not tried over anything weaker',
    );
  }
  expect(host.host.counts.connections).toBe(connections);
  expect(relay.lost).toHaveLength(1);
  ports.tls = host.tlsPort;
  expect(await relay.open(entry)).toMatchObject({ ok: true });
});

test('a wrong password is tried once on a machine and locks nobody', async () => {
  const relay = relayTo(both());
  relay.addLogin('main', { user: host.user, password: 'canary-wrong' });
  const entry = relay.device();
  for (let round = 0; round < 4; round += 1) {
    const opened = await relay.open(entry);
    expect(opened).toMatchObject({ ok: false, reason: 'denied' });
    expect(!opened.ok && opened.detail).not.toContain('canary');
  }
  expect(host.host.accounts.badPasswords(host.user)).toBe(1);
});

test('what a login may not see is said as what it is: the way stands, and the class is denied', async () => {
  const relay = relayTo(both());
  host.host.set({ deniedClasses: ['win32_computersystem'] });
  const opened = await relay.open(relay.device());
  expect(opened).toMatchObject({ ok: false, reason: 'denied' });
  expect(!opened.ok && opened.detail).not.toContain('login was not accepted');
  expect(relay.stopped).toEqual([]);
});

test('a machine that offers no Negotiate, or less than is demanded, gets no answer to guess at', async () => {
  const relay = relayTo(both());
  host.host.set({ challenge: 'no-seal' });
  const { attempts } = host.host.counts;
  expect(await relay.open(relay.device())).toMatchObject({ ok: false });
  expect(host.host.counts.attempts).toBe(attempts);
});

const DOMAIN_USER = 'EXAMPLE\\monitor';

test('machines that say nothing over plain HTTP keep no other from logging in', async () => {
  const relay = relayTo({ tls: CLOSED, plain: host.port }, OVER_HTTP);
  relay.addLogin('main', { user: DOMAIN_USER, password: host.password, binding: OVER_HTTP });
  await using silent = await startWindowsHost({ mode: { isBlackHole: true } });
  const stop = new AbortController();
  const waiting = [1, 2, 3].map((n) =>
    relay.pool.session(relay.device({ name: `s${n}`, port: silent.port }), stop.signal),
  );
  await vi.waitFor(() => expect(silent.host.counts.connections).toBeGreaterThanOrEqual(3), { timeout: 20_000 });
  expect(await relay.open(relay.device())).toMatchObject({ ok: true });
  stop.abort();
  expect((await Promise.all(waiting)).map(({ ok }) => ok)).toEqual([false, false, false]);
});

test('a machine that refuses a login of the domain has one that takes it asked beside its session, and the next goes in', async () => {
  const relay = relayTo(both());
  relay.addLogin('main', { user: DOMAIN_USER, password: host.password });
  await using liar = await startWindowsHost({ mode: { refusesLogin: true } });
  const first = await relay.open(relay.device());
  expect(first).toMatchObject({ ok: true });
  const { logins } = host.host.counts;
  expect(await relay.open(relay.device({ name: 'liar', port: liar.tlsPort }))).toMatchObject({ reason: 'denied' });
  expect(host.host.counts.logins).toBe(logins);
  expect(await relay.open(relay.device({ name: 'next' }))).toMatchObject({ ok: true });
  expect(host.host.counts.logins).toBe(logins + 2);
  expect(first.ok && first.value.isOpen).toBe(true);
});

test('a password of the domain that changed is tried twice, though every machine comes at once, and sessions that stand go on', async () => {
  const relay = relayTo(both());
  relay.addLogin('main', { user: DOMAIN_USER, password: host.password });
  const first = await relay.open(relay.device());
  expect(first).toMatchObject({ ok: true });
  host.host.accounts.setPassword(host.user, 'Another-Pass-1');
  const { attempts } = host.host.counts;
  const all = await Promise.all(Array.from({ length: 24 }, (_, n) => relay.open(relay.device({ name: `d${n}` }))));
  expect(all.filter(({ ok }) => ok)).toEqual([]);
  expect(host.host.counts.attempts).toBe(attempts + 2);
  expect(relay.stopped).toMatchObject([{ credential: 'main', why: expect.stringContaining('had worked before') }]);
  expect(first.ok && first.value.isOpen).toBe(true);
});
