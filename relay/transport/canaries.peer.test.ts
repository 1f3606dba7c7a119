// Windows logins by Kerberos and NTLM that succeed and that fail in every way: nothing that is told of them holds a password, key or ticket.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { KerberosLogins } from '#relay/transport/kerberos/kerberos-logins.ts';
import { ntHash } from '#relay/transport/ntlm/keys.ts';
import { systemClock } from '#shared/base/clock.ts';
import { type RandomBytes, systemRandom } from '#shared/base/id.ts';
import { Canaries } from '#test/fixtures/canaries.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { type KdcPeer, startKdc } from '#test/peers/kdc.ts';
import { startWindowsHost, type WindowsHost } from '#test/peers/windows-host/windows-host.ts';
import { MONITOR, makeWinrmRelay } from '#test/peers/winrm-relay.ts';

const SIGNAL = new AbortController().signal;
const PASSWORD = 'canary-of-the-realm-4471';
const WRONG = 'canary-wrong-of-the-realm-90';
const SCRIPT = "# canary-script-body-7be2\nWrite-Output 'done'";

let kdc: KdcPeer;
let ahead: KdcPeer;
let away: KdcPeer;
let host: WindowsHost;
beforeAll(async () => {
  const realm = { users: { alice: PASSWORD }, services: ['HTTP/srv1.test'] };
  [kdc, ahead, away, host] = await Promise.all([
    startKdc(realm),
    startKdc({ ...realm, clockOffset: '+1h' }),
    startKdc({ users: {}, services: [] }),
    startWindowsHost({ lockoutThreshold: 50 }),
  ]);
  await away.stop();
});
afterAll(() => Promise.all([kdc, ahead, host].map((one) => one?.stop())));

function canariesOf(...passwords: string[]): Canaries {
  const canaries = new Canaries();
  for (const password of passwords) {
    canaries.add('password', password);
    canaries.add('hash of the password', ntHash(password));
  }
  return canaries;
}

/** Any 24 bytes of a token are enough to know it by. */
function addToken(canaries: Canaries, token: Uint8Array): void {
  for (let at = 0; at + 24 <= token.length; at += 24) canaries.add('ticket', token.subarray(at, at + 24));
}

const ASK = { principal: 'alice@RMM.TEST', service: 'HTTP/srv1.test', password: PASSWORD, channelBinding: undefined };
const loginsAt = ({ configFile }: KdcPeer) => new KerberosLogins({ clock: systemClock, configFile, stepMs: 2_000 });

test.each<[string, string, () => KdcPeer, Partial<typeof ASK>]>([
  ['a wrong password', 'denied', () => kdc, { password: WRONG }],
  ['a user whom nobody knows', 'denied', () => kdc, { principal: 'bob@RMM.TEST' }],
  ['a service that nobody knows', 'unsupported', () => kdc, { service: 'HTTP/nobody.test' }],
  ['clocks that differ', 'refused', () => ahead, {}],
  ['a directory that is away', 'unreachable', () => away, {}],
])('Kerberos: %s is told without a secret', async (_, reason, at, change) => {
  const made = await loginsAt(at()).newContext({ ...ASK, ...change }, SIGNAL);
  expect(made).toMatchObject({ ok: false, reason });
  expect(canariesOf(PASSWORD, WRONG).foundIn(made)).toEqual([]);
});

test('Kerberos: a ticket, and a host that answers it with junk, are told without its bytes', async () => {
  const made = await loginsAt(kdc).newContext(ASK, SIGNAL);
  if (!made.ok) throw new Error(made.detail);
  const canaries = canariesOf(PASSWORD);
  addToken(canaries, (await made.value.step()) ?? new Uint8Array());
  expect(canaries.names).toContain('ticket');
  const junk = await made.value.step(randomBytes(200)).catch((error: unknown) => error);
  expect(junk).toMatchObject({ name: 'SecurityFailure' });
  const after = await made.value.step().catch((error: unknown) => error);
  expect(canaries.foundIn(made, junk, after)).toEqual([]);
});

/** A relay whose 16 random bytes, of which keys are made, are known. */
function relayWith(canaries: Canaries, password: string) {
  const folder = makeTempFolder('rmm-canaries');
  const random: RandomBytes = (bytes) => {
    const filled = systemRandom(bytes);
    if (filled.length === 16) canaries.add('session key', filled);
    return filled;
  };
  const relay = makeWinrmRelay(folder.path, { ports: { tls: host.tlsPort, plain: host.port }, random });
  relay.addLogin('main', { user: host.user, password, binding: { ...MONITOR, purpose: 'both' } });
  onTestFinished(async () => {
    await relay.stop();
    await folder[Symbol.asyncDispose]();
  });
  const told = () => [relay.events, relay.told, relay.lost, relay.stopped, relay.device()];
  return { relay, told };
}

test('NTLM: a wrong password is told without a secret, and so are a login that succeeds and a script that fails', async () => {
  const canaries = canariesOf(host.password, WRONG);
  canaries.add('script', 'canary-script-body-7be2');
  const wrong = relayWith(canaries, WRONG);
  const refused = await wrong.relay.open(wrong.relay.device());
  expect(refused).toMatchObject({ ok: false, reason: 'denied' });
  const right = relayWith(canaries, host.password);
  const opened = await right.relay.open(right.relay.device(), 'act');
  if (!opened.ok) throw new Error(opened.detail);
  const request = { script: SCRIPT, timeoutMs: 10_000, maxOutputBytes: 1_000 };
  const told: unknown[] = [refused, opened, await opened.value.run(request, AbortSignal.abort())];
  host.host.set({ flipBit: 'data' });
  told.push(await opened.value.run(request, SIGNAL));
  host.host.heal();
  host.host.cut();
  told.push(await opened.value.run(request, SIGNAL));
  expect(canaries.names).toContain('session key');
  expect(canaries.foundIn(...told, ...wrong.told(), ...right.told())).toEqual([]);
});
