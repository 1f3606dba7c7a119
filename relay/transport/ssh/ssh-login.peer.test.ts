// Logging in against a real sshd: each secret is offered at most once, and never to a key that is not the pinned one.
import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, chmodSync, chownSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import { ManifestId, newId } from '#shared/base/id.ts';
import { makeTempFolder, type TempFolder } from '#test/fixtures/temp-folder.ts';
import { newEd25519Pem } from '#test/peers/odd-sshd.ts';
import { makeSshRelay, never, request, type SshRelay } from '#test/peers/ssh-relay.ts';
import { type SshdPeer, startSshd } from '#test/peers/sshd.ts';
import type { ThrowawayUser } from '#test/peers/throwaway-user.ts';

let sshd: SshdPeer;
let user: ThrowawayUser;
let folder: TempFolder;
let relay: SshRelay;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
const count = (log: string, pattern: RegExp) => [...log.matchAll(new RegExp(pattern, 'g'))].length;
const rootLogin = () => ({ user: sshd.user, privateKey: sshd.clientKeyPem });
const userLogin = () => ({ user: user.name, password: user.password });

beforeAll(async () => {
  // Its own limit of ten logins at once would answer instead of the password check.
  sshd = await startSshd({ withUser: true, maxStartups: 1_000 });
  if (sshd.throwaway === undefined) throw new Error('no user');
  user = sshd.throwaway;
});
afterAll(() => sshd.stop());
beforeEach(() => {
  folder = makeTempFolder();
  relay = makeSshRelay(folder.path, userLogin(), { deadlines: { greetingMs: 700, handshakeMs: 5_000 } });
});
afterEach(async () => {
  await relay.pool.stop();
  await folder[Symbol.asyncDispose]();
});

/** A TCP server that is no sshd; closed with all its sockets at the end of the block. */
async function oddServer(serve: (socket: Socket) => void): Promise<AsyncDisposable & { port: number }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return {
    port: bound.port,
    [Symbol.asyncDispose]: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

test('a password logs in', async () => {
  const session = await relay.session(relay.device(sshd.port));
  const ran = await session.run(request('id -un'), never);
  expect(ran.ok && text(ran.value.stdout)).toBe(`${user.name}\n`);
});

test('a wrong password is offered once, then not again until the credential changes', async () => {
  relay.addLogin('main', { user: user.name, password: 'wrong' });
  const device = relay.device(sshd.port);
  const before = count(sshd.log(), /Failed password/);
  const first = await relay.pool.session(device, never);
  expect(first).toMatchObject({ ok: false, reason: 'denied' });
  expect(JSON.stringify(first)).not.toContain('wrong');
  for (let i = 0; i < 5; i += 1) expect(await relay.pool.session(device, never)).toMatchObject({ reason: 'denied' });
  expect(count(sshd.log(), /Failed password/) - before).toBe(1);
  relay.addLogin('main', userLogin());
  expect(await relay.pool.session(device, never)).toMatchObject({ ok: true });
});

test('a wrong password for a whole site costs three tries, however many devices ask at once', async () => {
  relay.addLogin('main', { user: user.name, password: 'wrong' });
  const before = count(sshd.log(), /Failed password/);
  const all = await Promise.all(Array.from({ length: 20 }, () => relay.pool.session(relay.device(sshd.port), never)));
  expect(all.map((one) => !one.ok && one.reason)).toEqual(Array.from({ length: 20 }, () => 'denied'));
  expect(count(sshd.log(), /Failed password/) - before).toBe(3);
});

test('after a key the server does not know, the password is taken in the same connection', async () => {
  relay.addLogin('main', { ...userLogin(), privateKey: newEd25519Pem() });
  const before = sshd.log().length;
  expect((await relay.session(relay.device(sshd.port))).isOpen).toBe(true);
  expect(sshd.log().slice(before)).toMatch(/Failed publickey[\s\S]*Accepted password/);
});

test('where a login may not go it is not offered: no user name leaves, and the key to accept is told', async () => {
  const binding = { purpose: 'monitor', ranges: ['10.0.0.0/8'], weakest: 'password' } as const;
  relay.credentials.add('main', { ...userLogin(), binding: { ...binding, ranges: [...binding.ranges] } });
  const device = relay.device(sshd.port, { address: 'localhost' });
  const before = sshd.log().length;
  const got = await relay.pool.session(device, never);
  expect(got).toMatchObject({ ok: false, reason: 'credential-not-allowed' });
  expect(got.ok ? '' : got.detail).toContain(sshd.hostKeyFingerprint);
  expect(sshd.log().slice(before)).not.toMatch(/Failed|Accepted|invalid user|authenticating user/);
  // A signer names the key, and the address does not matter any more; an order still gets no login for monitoring.
  relay.pins.set(device.device, { macs: [], hostKey: sshd.hostKeyFingerprint });
  relay.signed.set(device.device, sshd.hostKeyFingerprint);
  expect(await relay.pool.session(device, never)).toMatchObject({ ok: true });
  const act = { purpose: 'act', order: ManifestId.parse(newId(1)) } as const;
  expect(await relay.pool.session(device, never, act)).toMatchObject({ ok: false, reason: 'credential-not-allowed' });
});

test('an RSA key signs with SHA-2', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  relay.addLogin('main', {
    user: user.name,
    privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  });
  const got = relay.credentials.get('main');
  if (!got.ok) throw new Error(got.detail);
  const line = `ssh-rsa ${got.value.key?.getPublicSSH().toString('base64') ?? ''}\n`;
  appendFileSync(path.join(sshd.folder, 'authorized_keys'), line);
  const before = sshd.log().length;
  expect((await relay.session(relay.device(sshd.port))).isOpen).toBe(true);
  expect(sshd.log().slice(before)).toContain('Accepted publickey');
});

test('a swapped host key is refused before any credential is offered', async () => {
  const device = relay.device(sshd.port);
  await relay.session(device);
  relay.pool.drop(device.device);
  const pinned = relay.pins.get(device.device)?.hostKey ?? '';
  const shown = await sshd.swapHostKey();
  const before = sshd.log();
  const got = await relay.pool.session(device, never);
  expect(got).toMatchObject({ ok: false, reason: 'host-key-changed' });
  expect(got.ok ? '' : got.detail).toContain(shown);
  expect(got.ok ? '' : got.detail).toContain(pinned);
  await systemClock.sleep(200); // what it would have logged of a try has been logged by then
  const after = sshd.log().slice(before.length);
  expect(after).toContain('Connection from');
  expect(after).not.toMatch(/Failed|Accepted|Postponed|userauth|authenticating user/);
  expect(relay.pins.get(device.device)?.hostKey).toBe(pinned);
});

test('a site that pins by hand offers nothing to an unknown host key', async () => {
  const strict = makeSshRelay(folder.path, userLogin(), { hostKeyPolicy: 'refuse' });
  const before = sshd.log();
  const device = strict.device(sshd.port);
  expect(await strict.pool.session(device, never)).toMatchObject({ ok: false, reason: 'host-key-unknown' });
  expect(sshd.log().slice(before.length)).not.toMatch(/Failed|Accepted|authenticating user/);
  strict.pins.set(device.device, { macs: [], hostKey: sshd.hostKeyFingerprint });
  expect(await strict.pool.session(device, never)).toMatchObject({ ok: true });
  await strict.pool.stop();
});

test('a frozen sshd is timed out, and others are served meanwhile', async () => {
  const other = await startSshd();
  try {
    relay.addLogin('root', rootLogin());
    relay.addLogin('other', { user: other.user, privateKey: other.clientKeyPem });
    sshd.freeze();
    const frozen = Array.from({ length: 10 }, () => relay.pool.session(relay.device(sshd.port), never));
    const started = systemClock.monotonic();
    const served = await relay.pool.session(relay.device(other.port, { credential: 'other' }), never);
    expect(served.ok).toBe(true);
    expect(systemClock.monotonic() - started).toBeLessThan(600);
    expect((await Promise.all(frozen)).map((one) => !one.ok && one.reason)).toEqual(Array(10).fill('timed-out'));
  } finally {
    sshd.thaw();
    await other.stop();
  }
});

test('a session that freezes under a script is timed out and given up', async () => {
  const session = await relay.session(relay.device(sshd.port));
  sshd.freeze();
  try {
    const ran = await session.run(request('true', { timeoutMs: 300 }), never);
    expect(ran).toMatchObject({ ok: false, reason: 'timed-out' });
    expect(session.isOpen).toBe(false);
  } finally {
    sshd.thaw();
  }
});

test('a noisy profile changes neither output nor result', async () => {
  const profile = path.join(user.home, '.bashrc');
  writeFileSync(profile, `echo "Welcome to the machine"; printf 'no newline \\033[31m'; echo warn >&2\n`);
  chownSync(profile, user.uid, user.gid);
  const session = await relay.session(relay.device(sshd.port));
  const ran = await session.run(request('echo out; echo err >&2'), never);
  expect(ran.ok && [text(ran.value.stdout), text(ran.value.stderr)]).toEqual(['out\n', 'err\n']);
  writeFileSync(profile, 'yes noise\n');
  relay.pool.drop(relay.device(sshd.port).device);
  const flooded = await relay.pool.session(relay.device(sshd.port), never);
  expect(flooded).toMatchObject({ ok: false, reason: 'too-large' });
  writeFileSync(profile, 'exec echo This account is closed.\n');
  const closed = await relay.pool.session(relay.device(sshd.port), never);
  expect(closed).toMatchObject({ ok: false, reason: 'unsupported' });
  expect(closed.ok ? '' : closed.detail).toContain('This account is closed.');
  writeFileSync(profile, '');
});

test('a login whose shell leads no group gets one, and cancel kills it', async () => {
  const forced = path.join(folder.path, 'forced');
  writeFileSync(forced, '#!/bin/sh\n/bin/sh -c "$SSH_ORIGINAL_COMMAND"\nexit $?\n');
  chmodSync(forced, 0o755);
  chmodSync(folder.path, 0o755);
  const odd = await startSshd({ config: [`ForceCommand ${forced}`] });
  try {
    relay.addLogin('odd', { user: odd.user, privateKey: odd.clientKeyPem });
    const session = await relay.session(relay.device(odd.port, { credential: 'odd' }));
    const ran = await session.run(request('kill -0 -$$ && echo leads'), never);
    expect(ran.ok && text(ran.value.stdout)).toBe('leads\n');
    const cancel = new AbortController();
    const running = session.run(request('sleep 600'), cancel.signal);
    await systemClock.sleep(200);
    cancel.abort();
    expect(await running).toMatchObject({ ok: false, reason: 'cancelled' });
    expect(session.isOpen).toBe(true);
  } finally {
    await odd.stop();
  }
});

test('a closed port is refused, a name nobody knows is unreachable', async () => {
  const gone = await oddServer(() => undefined);
  await gone[Symbol.asyncDispose]();
  expect(await relay.pool.session(relay.device(gone.port), never)).toMatchObject({ ok: false, reason: 'refused' });
  const nowhere = relay.device(22, { address: 'no-such-host.invalid' });
  expect(await relay.pool.session(nowhere, never)).toMatchObject({ ok: false, reason: 'unreachable' });
});

test.each([
  ['says nothing', 'timed-out', () => undefined],
  ['hangs up', 'refused', (socket: Socket) => socket.end()],
  ['speaks another protocol', 'refused', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['greets and then says nothing', 'timed-out', (socket: Socket) => void socket.write('SSH-2.0-tar_pit\r\n')],
  ['greets and sends garbage', 'refused', (socket: Socket) => void socket.write(`SSH-2.0-x\r\n${'\0'.repeat(500)}`)],
])('a peer that %s is %s', async (_what, reason, serve) => {
  await using odd = await oddServer(serve);
  const impatient = makeSshRelay(folder.path, userLogin(), { deadlines: { greetingMs: 300, handshakeMs: 500 } });
  const got = await impatient.pool.session(impatient.device(odd.port), never);
  expect(got).toMatchObject({ ok: false, reason });
  await impatient.pool.stop();
});

test('a tar pit that greets line by line for ever is given up', async () => {
  await using odd = await oddServer((socket) => {
    const timer = setInterval(() => socket.write(`${'x'.repeat(4_000)}\r\n`), 1);
    socket.on('close', () => clearInterval(timer));
  });
  const impatient = makeSshRelay(folder.path, userLogin(), { deadlines: { greetingMs: 300, handshakeMs: 1_500 } });
  const got = await impatient.pool.session(impatient.device(odd.port), never);
  expect(got.ok).toBe(false);
  expect(['timed-out', 'refused', 'too-large']).toContain(got.ok ? '' : got.reason);
  await impatient.pool.stop();
});

test('a credential this relay does not hold is named', async () => {
  const got = await relay.pool.session(relay.device(sshd.port, { credential: 'nobody' }), never);
  expect(got).toMatchObject({ ok: false, reason: 'credential-missing' });
  expect(got.ok ? '' : got.detail).toContain('nobody');
});

test('who stops while it opens gets that, and no connection stays', async () => {
  const stop = new AbortController();
  const opening = relay.pool.session(relay.device(sshd.port), stop.signal);
  stop.abort();
  expect(await opening).toMatchObject({ ok: false, reason: 'cancelled' });
  expect(relay.pool.size).toBe(0);
});
