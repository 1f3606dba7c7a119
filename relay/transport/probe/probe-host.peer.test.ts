// Probes of a real sshd, a real fping and ports that are closed, mute, flooding or dead; nothing leaves this machine's loopback.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import { PROBED_PORTS, type ProbeResult } from '#shared/model/probe.ts';
import { startSshd } from '#test/peers/sshd.ts';
import { findFping } from './icmp.ts';
import { type ProbeDeps, type ProbeTarget, probeHost } from './probe-host.ts';

/** Of the lab's /8, where nothing else of this machine listens on the ports of the list. */
const HOST = '127.91.0.7';
const never = new AbortController().signal;

const probe = (target: ProbeTarget, deps: Partial<ProbeDeps> = {}): Promise<ProbeResult> =>
  probeHost(target, { clock: systemClock, signal: never, rule: { allowLoopback: true }, ...deps });

/** A server that does this with each connection. */
async function serve(onConnection: (socket: Socket) => void): Promise<number> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return bound.port;
}

const portOf = (result: ProbeResult, port: number) => result.ports.find((one) => one.port === port);

test('a real sshd is found by its greeting, with a ping by fping and every port of the list', async () => {
  const sshd = await startSshd({ address: '0.0.0.0' });
  onTestFinished(() => sshd.stop());
  expect(findFping()).toBeDefined();
  const seen = await probe({ address: HOST, port: sshd.port });
  expect(seen).toMatchObject({ lookup: 'literal', addresses: [HOST], system: 'linux' });
  expect(seen).toMatchObject({ suggestedTransport: 'ssh', suggestedPort: sshd.port });
  expect(seen.ping).toMatchObject({ answered: true, method: 'icmp', bestMs: expect.any(Number) });
  expect(portOf(seen, sshd.port)).toMatchObject({
    state: 'open',
    greeting: expect.stringMatching(/^SSH-2\.0-OpenSSH/),
  });
  expect(seen.ports.map(({ port }) => port)).toEqual([...PROBED_PORTS, sshd.port]);
  expect(seen.durationMs).toBeLessThan(5_000);
  // It came, heard the greeting and left: no login was offered.
  await expect.poll(() => sshd.log()).toMatch(/(closed|reset|disconnect|Unable to negotiate|banner)/i);
  expect(sshd.log()).not.toMatch(/(Accepted|Failed|Invalid user|authenticating user)/);
});

test('without fping a port that refuses is the answer to the ping', async () => {
  const seen = await probe({ address: HOST }, { fping: undefined });
  expect(seen.ping).toMatchObject({ answered: true, method: 'tcp', bestMs: expect.any(Number) });
  expect(new Set(seen.ports.map(({ state }) => state))).toEqual(new Set(['refused']));
  expect(seen).toMatchObject({ system: 'unknown' });
  expect(seen.suggestedTransport).toBeUndefined();
});

test('a fping that may not send is as good as none', async () => {
  const seen = await probe({ address: HOST }, { fping: '/bin/false' });
  expect(seen.ping.answered).toBe(true);
  const broken = await probe({ address: HOST }, { fping: '/nonexistent/fping' });
  expect(broken.ping).toMatchObject({ answered: true, method: 'tcp' });
});

test('a port that never speaks is open, and one that floods is cut at 255 bytes of inert text', async () => {
  const mute = await serve(() => undefined);
  expect(portOf(await probe({ address: HOST, port: mute }), mute)).toEqual({
    port: mute,
    state: 'open',
    latencyMs: expect.any(Number),
  });
  const flooding = await serve((socket) => socket.write(Buffer.alloc(4 * 1024 * 1024, '\u001b[2J\u00e4')));
  const flooded = portOf(await probe({ address: HOST, port: flooding }), flooding);
  expect(flooded?.greeting).toHaveLength(255);
  expect(flooded?.greeting).toMatch(/^[\x20-\x7e]+$/);
});

/** A listener that accepts nobody, with a queue that is full: the kernel drops what knocks, as a black hole does. */
async function blackHole(): Promise<number> {
  const script = `const s = require('node:net').createServer().listen({ port: 0, host: '${HOST}', backlog: 1 }, () => {
    process.stdout.write(String(s.address().port) + '\\n', () => process.kill(process.pid, 'SIGSTOP'));
  });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [told] = await once(child.stdout, 'data');
  const port = Number(String(told));
  for (let i = 0; i < 4; i += 1) {
    const filler = connect(port, HOST);
    filler.on('error', () => undefined);
    onTestFinished(() => void filler.destroy());
    await Promise.race([once(filler, 'connect'), systemClock.sleep(200)]);
  }
  return port;
}

test('a port that nobody answers for is silent after two seconds, and the whole ends within five', async () => {
  const port = await blackHole();
  const seen = await probe({ address: HOST, port });
  expect(portOf(seen, port)).toEqual({ port, state: 'silent' });
  expect(seen.durationMs).toBeGreaterThan(1_900);
  expect(seen.durationMs).toBeLessThan(5_000);
});

test('a name goes through the resolver of the system, and back', async () => {
  const seen = await probe({ address: 'localhost' });
  expect(seen).toMatchObject({ lookup: 'found', reverseName: expect.stringMatching(/^(localhost|ip6-)/) });
  expect(seen.addresses.length).toBeGreaterThan(0);
});

test('a name that does not exist is an answer, not an error', async () => {
  const lookup = () => Promise.reject(new Error('ENOTFOUND'));
  const seen = await probe({ address: 'no-such-host.invalid' }, { lookup });
  expect(seen).toMatchObject({ lookup: 'not-found', addresses: [], ports: [], system: 'unknown' });
});

test('a name that leads to the relay itself is refused like the address, and nothing is knocked at', async () => {
  let knocks = 0;
  const port = await serve(() => {
    knocks += 1;
  });
  const rule = { allowLoopback: false };
  for (const address of [HOST, 'localhost', '::ffff:127.91.0.7', '0.0.0.0', '224.0.0.1'])
    await expect(probe({ address, port }, { rule })).rejects.toMatchObject({ code: 'denied' });
  const lookup = async () => [{ address: '169.254.169.254', family: 4 }];
  await expect(probe({ address: 'metadata.example', port }, { lookup })).rejects.toMatchObject({ code: 'denied' });
  expect(knocks).toBe(0);
});

test('a probe that is called off ends at once', async () => {
  const port = await blackHole();
  const off = new AbortController();
  const startedAt = systemClock.monotonic();
  const running = probe({ address: HOST, port }, { signal: off.signal });
  await systemClock.sleep(100);
  off.abort();
  await running;
  expect(systemClock.monotonic() - startedAt).toBeLessThan(1_500);
});
