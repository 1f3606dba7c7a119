// The link over real TLS, real WebSockets and a real CONNECT proxy on loopback.
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { IdentityStore, linkTls } from '#relay/pin/identity.ts';
import { systemClock } from '#shared/base/clock.ts';
import {
  type Authority,
  createAuthority,
  issueRelayCertificate,
  issueServerCertificate,
  loadAuthority,
} from '#shared/crypto/certificate.ts';
import { spkiOf } from '#shared/crypto/identity-key.ts';
import { MAX_FRAME_BYTES } from '#shared/protocol/frame.ts';
import { SUBPROTOCOL } from '#shared/protocol/version.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { FakeConsole } from '#test/fixtures/fake-console.ts';
import { keyOfWord, SAMPLE_RELAY, SAMPLE_SITE } from '#test/fixtures/sample-trust.ts';
import { audit, makeSpoolKit, poll } from '#test/fixtures/spool-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { dialConsole } from './dial-console.ts';
import type { LinkHandlers } from './link-socket.ts';
import { Uplink } from './uplink.ts';

const now = Date.now();
const newAuthority = async () => await loadAuthority(await createAuthority(now));
const portOf = (server: net.Server) => (server.address() as AddressInfo).port; // a TCP server's address is one

async function enrolled(authority: Authority): Promise<IdentityStore> {
  const store = new IdentityStore(tempFolder(onTestFinished));
  const names = { relay: SAMPLE_RELAY, site: SAMPLE_SITE };
  const certificate = await issueRelayCertificate(authority, { ...names, spki: spkiOf(store.privateKey), now });
  const { publicKey: owner } = await keyOfWord('owner');
  const pinned = { certificate, authority: authority.certificatePem, owner };
  store.saveEnrolment({ ...names, ...pinned, kind: 'site', consoleUrl: 'https://127.0.0.1:8443', linkPort: 8444 });
  return store;
}

/** A console's relay port: TLS 1.3, client certificates, the WebSocket handed to the contract in memory. */
async function listen(authority: Authority, peer: FakeConsole, maxVersion: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3') {
  const own = await issueServerCertificate(authority, { names: ['console'], ips: [], now });
  const server = https.createServer({
    key: own.privateKey,
    cert: own.certificate,
    ca: authority.certificatePem,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    maxVersion,
  });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: MAX_FRAME_BYTES });
  const protocols: Array<string | undefined> = [];
  /** Of the first frame of each connection. */
  const masks: string[] = [];
  sockets.on('connection', async (ws, request) => {
    protocols.push(request.headers['sec-websocket-protocol']);
    request.socket.once('data', (frame: Buffer) => masks.push(maskOf(frame)));
    const early: Uint8Array[] = [];
    let take = (bytes: Uint8Array): void => {
      early.push(bytes);
    };
    ws.on('message', (data) => take(data as Buffer)); // the default binaryType
    ws.on('error', () => undefined);
    const handlers: LinkHandlers = {
      onMessage: (bytes) => ws.send(bytes),
      onPong: () => undefined,
      onClose: () => ws.terminate(),
    };
    const link = await peer.dial(handlers, new AbortController().signal);
    take = (bytes) => link.send(bytes);
    for (const bytes of early) take(bytes);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const ws of sockets.clients) ws.terminate();
    server.close();
  });
  return { port: portOf(server), protocols, masks };
}

/** The four bytes that a client's frame is masked with. */
function maskOf(frame: Buffer): string {
  const size = (frame[1] ?? 0) & 0x7f;
  const at = 2 + (size === 127 ? 8 : size === 126 ? 2 : 0);
  return frame.subarray(at, at + 4).toString('hex');
}

/** A proxy that tunnels, wants `credentials` when given, and counts what it is asked. */
async function listenProxy(credentials?: string) {
  const asked: string[] = [];
  const open = new Set<net.Socket>();
  const server = http.createServer();
  server.on('connect', (request, client: net.Socket) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? '-'}`);
    const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n');
      return;
    }
    const [, port] = (request.url ?? '').split(':');
    const upstream = net.connect(Number(port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { port: portOf(server), asked };
}

function linkTo(identity: IdentityStore, port: number, env: Record<string, string> = {}) {
  const kit = makeSpoolKit(onTestFinished, { clock: new FakeClock(Date.now()) });
  const uplink = new Uplink({
    clock: systemClock,
    random: Math.random,
    spool: kit.spool,
    dial: dialConsole({ url: () => `wss://127.0.0.1:${port}/`, tls: () => linkTls(identity), env }),
    facts: () => ({ version: '0.1.0', hostname: 'relay-1', rosterVersion: 0, charterVersion: 0 }),
    callbacks: {
      onRoster: () => undefined,
      onCharter: () => undefined,
      onCommand: () => undefined,
      onLive: () => undefined,
      onProbe: () => undefined,
      onFreeze: () => undefined,
      onCredential: () => undefined,
      onStanding: () => undefined,
      onWatch: () => undefined,
      onCheckpoint: () => undefined,
      onHistory: () => undefined,
      onRenewAnswer: () => undefined,
    },
    log: silentLogger,
  });
  onTestFinished(() => uplink.stop());
  uplink.start();
  return { ...kit, uplink };
}

/** Polls, because these peers live in real time; at most 10 s. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !isTrue(); i += 1) await systemClock.sleep(20);
  expect(isTrue()).toBe(true);
}

test('over TLS 1.3 everything arrives once and in order, also across cuts', async () => {
  const authority = await newAuthority();
  const peer = new FakeConsole(new FakeClock(Date.now()));
  const { port, protocols, masks } = await listen(authority, peer);
  const { spool, uplink, clock } = linkTo(await enrolled(authority), port);
  for (let n = 1; n <= 300; n += 1) {
    spool.addRecord(0, audit(clock.now(), `${n}`));
    spool.addPoll(poll(1, clock.now() + n, n));
    if (n % 10 === 0) spool.flush();
    if (n % 100 === 0) peer.cut();
    if (n % 20 === 0) await systemClock.sleep(10);
  }
  await until(() => uplink.isConnected && Object.values(uplink.stats().lag).every((lag) => lag === 0));
  expect(peer.seqs(0)).toEqual(Array.from({ length: 300 }, (_, i) => `${i + 1}`));
  expect(peer.broken).toEqual([]);
  expect(new Set(protocols)).toEqual(new Set([SUBPROTOCOL]));
  expect(new Set(masks)).toEqual(new Set(['00000000']));
  expect(uplink.stats()).toMatchObject({ badFrames: 0, faults: 0 });
  expect(uplink.stats().bytesSent).toBeGreaterThan(10_000);
  const before = performance.now();
  await uplink.stop();
  expect(performance.now() - before).toBeLessThan(2_000);
});

test('through a proxy with credentials', async () => {
  const authority = await newAuthority();
  const peer = new FakeConsole(new FakeClock(Date.now()));
  const { port } = await listen(authority, peer);
  const proxy = await listenProxy('user:p@ss word');
  const env = { HTTPS_PROXY: `http://user:p%40ss%20word@127.0.0.1:${proxy.port}` };
  const { uplink } = linkTo(await enrolled(authority), port, env);
  await until(() => uplink.isConnected);
  expect(proxy.asked[0]).toContain(`127.0.0.1:${port} Basic `);
});

test('a proxy that refuses us is named, its password is not', async () => {
  const authority = await newAuthority();
  const proxy = await listenProxy('user:right');
  const env = { HTTPS_PROXY: `http://user:hunter2@127.0.0.1:${proxy.port}` };
  const { uplink } = linkTo(await enrolled(authority), 1, env);
  await until(() => uplink.stats().lastEnd !== undefined);
  expect(uplink.stats().lastEnd).toContain(`proxy 127.0.0.1:${proxy.port}: refuses our credentials`);
  expect(uplink.stats().lastEnd).not.toContain('hunter2');
});

test.each(['directly', 'through a proxy'])('a TLS interceptor is named by its issuer, %s', async (way) => {
  const mine = await newAuthority();
  const interceptor = await newAuthority();
  const { port } = await listen(interceptor, new FakeConsole(new FakeClock(Date.now())));
  const proxy = await listenProxy();
  const env = way === 'directly' ? {} : { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
  const { uplink } = linkTo(await enrolled(mine), port, env);
  await until(() => uplink.stats().lastEnd !== undefined);
  expect(uplink.stats().lastEnd).toMatch(/certificate is issued by ".+", not by this console's authority/);
  expect(uplink.stats().lastEnd).toContain('certificate-intercepted');
});

test.each([
  ['foreign', now],
  ['expired', now - 20 * 86_400_000],
])('a console that hangs up on our %s certificate is told from one that is away', async (kind, issuedAt) => {
  const authority = await newAuthority();
  const { port } = await listen(authority, new FakeConsole(new FakeClock(Date.now())));
  const identity = await enrolled(authority);
  const { enrolment, privateKey } = identity;
  if (enrolment === undefined) throw new Error('not enrolled');
  const issuer = kind === 'foreign' ? await newAuthority() : authority;
  const request = { relay: SAMPLE_RELAY, site: SAMPLE_SITE, spki: spkiOf(privateKey), now: issuedAt };
  identity.saveEnrolment({ ...enrolment, certificate: await issueRelayCertificate(issuer, request) });
  const { uplink } = linkTo(identity, port);
  await until(() => uplink.stats().lastEnd !== undefined);
  const year = new Date(issuedAt + 14 * 86_400_000).getUTCFullYear();
  expect(uplink.stats().lastEnd).toMatch(
    new RegExp(`: hung up on this relay's certificate, valid until \\w+ .+ ${year} GMT \\(certificate-unknown\\)$`),
  );
});

test('a server that speaks only TLS 1.2, plain HTTP or nothing is given up with a reason', async () => {
  const authority = await newAuthority();
  const identity = await enrolled(authority);
  const older = await listen(authority, new FakeConsole(new FakeClock(Date.now())), 'TLSv1.2');
  const plain = http.createServer((_request, response) => response.end('hello'));
  plain.listen(0, '127.0.0.1');
  await once(plain, 'listening');
  onTestFinished(() => void plain.close());
  for (const port of [older.port, portOf(plain), 1]) {
    const { uplink } = linkTo(identity, port);
    await until(() => uplink.stats().lastEnd !== undefined);
    expect(uplink.stats().lastEnd).toMatch(/^unreachable: 127\.0\.0\.1:\d+: /);
    await uplink.stop();
  }
});

test('an HTTPS server of our authority that is no relay port is told apart', async () => {
  const authority = await newAuthority();
  const own = await issueServerCertificate(authority, { names: ['console'], ips: [], now });
  const server = https.createServer({ key: own.privateKey, cert: own.certificate }, (_request, response) =>
    response.writeHead(404).end(),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { uplink } = linkTo(await enrolled(authority), portOf(server));
  await until(() => uplink.stats().lastEnd !== undefined);
  expect(uplink.stats().lastEnd).toContain('answers HTTP 404, not as a console');
});

test('a dial that was given up before it began is an error of the dial, and nothing else', async () => {
  const authority = await newAuthority();
  const store = await enrolled(authority);
  const dial = dialConsole({ url: () => 'wss://127.0.0.1:9/', tls: () => linkTls(store), env: {} });
  const handlers = { onMessage: () => undefined, onPong: () => undefined, onClose: () => undefined };
  // An error event that nobody listens to would fail this run as an uncaught exception.
  await expect(dial(handlers, AbortSignal.abort())).rejects.toMatchObject({ code: 'unavailable' });
});
