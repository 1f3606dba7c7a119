// The connection against the fake Windows host: what it seals, what it binds, what it refuses, and what a lost socket costs.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Verdict } from '#relay/transport/credential-breaker.ts';
import { NtlmContext } from '#relay/transport/ntlm/ntlm-context.ts';
import { ntlmLogin } from '#relay/transport/ntlm/ntlm-login.ts';
import { systemClock } from '#shared/base/clock.ts';
import { type Failure, fail, succeed } from '#shared/base/outcome.ts';
import type { HostMode } from '#test/peers/windows-host/host-mode.ts';
import { startWindowsHost, type WindowsHost } from '#test/peers/windows-host/windows-host.ts';
import { openWsmanConnection, type PostOptions, type WsmanConnection } from './wsman-connection.ts';

const SIGNAL = new AbortController().signal;
// 20 s: real deadlines for a busy machine; nothing here waits for them.
const ASK: PostOptions = { timeoutMs: 20_000, isRepeatable: true };
const ONCE: PostOptions = { ...ASK, isRepeatable: false };

const IDENTIFY =
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>';

interface Login {
  scheme?: 'http' | 'https';
  password?: string;
  withoutBinding?: boolean;
  onCertificate?: (fingerprint: string) => Failure | undefined;
  port?: number;
}

interface Rig {
  connection: WsmanConnection;
  verdicts: Verdict[];
  shown: string[];
}

function connect(
  host: Pick<WindowsHost, 'address' | 'port' | 'tlsPort' | 'user' | 'password'>,
  login: Login = {},
): Rig {
  const { scheme = 'http', password = host.password, onCertificate } = login;
  const verdicts: Verdict[] = [];
  const shown: string[] = [];
  const port = login.port ?? (scheme === 'http' ? host.port : host.tlsPort);
  const connection = openWsmanConnection(
    { name: 'srv1', host: 'srv1.test', address: host.address, port, scheme },
    {
      newContext: (binding) =>
        Promise.resolve(
          succeed(
            new NtlmContext({
              login: ntlmLogin(host.user, password),
              targetName: 'HTTP/srv1.test',
              channelBinding: login.withoutBinding === true ? undefined : binding,
              demand: 'seal',
              clock: systemClock,
              randomBytes,
            }),
          ),
        ),
      onCertificate: (fingerprint) => {
        shown.push(fingerprint);
        return onCertificate?.(fingerprint);
      },
      onVerdict: (verdict) => verdicts.push(verdict),
    },
    { clock: systemClock, connectMs: 20_000, loginMs: 20_000 },
  );
  onTestFinished(() => connection.close());
  return { connection, verdicts, shown };
}

async function windows(mode: Partial<HostMode> = {}): Promise<WindowsHost> {
  const host = await startWindowsHost({ mode });
  onTestFinished(() => host.stop());
  return host;
}

test.each([
  ['http', { framing: 'tab' }],
  ['http', { framing: 'no-tab' }],
  ['http', { framing: 'extra-crlf' }],
  ['http', { readsBodyOfLogin: false }],
  ['http', { challenge: 'no-timestamp' }],
  ['https', { cbt: 'strict' }],
  ['https', { readsBodyOfLogin: false }],
] as const)('over %s with %o one login serves many requests', async (scheme, mode) => {
  const host = await windows(mode);
  const { connection, verdicts } = connect(host, { scheme });
  for (let round = 0; round < 4; round += 1) {
    const reply = await connection.post(IDENTIFY, ASK, SIGNAL);
    expect(reply).toMatchObject({ ok: true, value: { status: 200 } });
    expect(reply.ok && reply.value.body).toContain('IdentifyResponse');
  }
  expect(host.host.counts.connections).toBe(connection.logins);
  expect(verdicts.filter((verdict) => verdict === 'accepted')).toHaveLength(1);
  expect(host.host.counts.plaintextRefused).toBe(0);
});

test('a host that leaves the body of a login unread costs one login more, once', async () => {
  const host = await windows({ readsBodyOfLogin: false });
  const { connection, verdicts } = connect(host);
  for (let round = 0; round < 3; round += 1) await connection.post(IDENTIFY, ASK, SIGNAL);
  expect(connection.logins).toBe(2);
  expect(verdicts).toEqual(['not-tried', 'accepted']);
});

test('a fault comes opened with its status', async () => {
  const { connection } = connect(await windows());
  const reply = await connection.post(IDENTIFY.replaceAll('Identify', 'Nothing'), ASK, SIGNAL);
  expect(reply).toMatchObject({ ok: true, value: { status: 500 } });
  expect(reply.ok && reply.value.body).toContain('Fault');
  expect(connection.isOpen).toBe(true);
});

test.each(['http', 'https'] as const)(
  'a wrong password over %s is denied once and ends the connection',
  async (scheme) => {
    const host = await windows();
    const { connection, verdicts } = connect(host, { scheme, password: 'wrong' });
    expect(await connection.post(IDENTIFY, ASK, SIGNAL)).toMatchObject({ ok: false, reason: 'denied' });
    expect(await connection.post(IDENTIFY, ASK, SIGNAL)).toMatchObject({ ok: false, reason: 'lost' });
    expect(connection.isOpen).toBe(false);
    expect(verdicts).toEqual(['denied']);
    expect(host.host.counts.attempts).toBe(1);
  },
);

test.each(['no-seal', 'no-sign', 'no-session-security', 'no-key-exchange', 'no-128', 'no-target-info'] as const)(
  'a challenge with %s ends before anything of the password is sent',
  async (challenge) => {
    const host = await windows({ challenge });
    const { connection, verdicts } = connect(host);
    expect(await connection.post(IDENTIFY, ASK, SIGNAL)).toMatchObject({ ok: false, reason: 'refused' });
    expect(verdicts).toEqual(['not-tried']);
    expect(host.host.counts.attempts).toBe(0);
  },
);

test('a certificate is judged before a single request, and shown by its key', async () => {
  const host = await windows();
  const onCertificate = () => fail('host-key-changed', 'srv1: another key');
  const refused = connect(host, { scheme: 'https', onCertificate });
  expect(await refused.connection.post(IDENTIFY, ASK, SIGNAL)).toMatchObject({ reason: 'host-key-changed' });
  expect(refused.shown).toEqual([host.certificate.keyFingerprint]);
  expect(refused.verdicts).toEqual([]);
  expect(host.host.counts.attempts).toBe(0);
});

test('a strict host refuses a login that is bound to no channel', async () => {
  const { connection } = connect(await windows({ cbt: 'strict' }), { scheme: 'https', withoutBinding: true });
  expect(await connection.post(IDENTIFY, ASK, SIGNAL)).toMatchObject({ ok: false, reason: 'denied' });
});

test.each(['signature', 'data', 'signature-length', 'length'] as const)(
  'a bit that turns over in the %s of an answer ends the connection',
  async (flipBit) => {
    const host = await windows();
    const { connection } = connect(host);
    await connection.post(IDENTIFY, ASK, SIGNAL);
    host.host.set({ flipBit });
    expect(await connection.post(IDENTIFY, ASK, SIGNAL)).toMatchObject({ ok: false, reason: 'malformed' });
    expect(connection.isOpen).toBe(false);
  },
);

test('an answer in the clear over a sealed connection is refused', async () => {
  const host = await windows({ answersPlain: true });
  const { connection, verdicts } = connect(host);
  expect(await connection.post(IDENTIFY, ASK, SIGNAL)).toMatchObject({ ok: false, reason: 'malformed' });
  expect(verdicts).toEqual(['unanswered']);
});

test('an idle connection that the host closed is logged in again quietly, for any request', async () => {
  const host = await windows();
  const { connection } = connect(host);
  for (const ask of [ASK, ASK, ONCE]) {
    expect(await connection.post(IDENTIFY, ask, SIGNAL)).toMatchObject({ ok: true });
    host.host.cut();
    // The goodbye is on its way; the connection sees it with the next turns of the loop.
    await systemClock.sleep(20);
  }
  expect(connection.logins).toBe(3);
});

test.each(['request', 'before-answer', 'half-answer'] as const)(
  'lost at "%s": what may be repeated is asked once more, what must not happen twice never',
  async (point) => {
    const host = await windows();
    const { connection } = connect(host);
    await connection.post(IDENTIFY, ASK, SIGNAL);
    host.host.set({ drop: { point, times: 1 } });
    expect(await connection.post(IDENTIFY, ASK, SIGNAL)).toMatchObject({ ok: true });
    expect(connection.logins).toBe(2);
    const before = host.host.counts.requests['Identify'] ?? host.host.counts.connections;
    host.host.set({ drop: { point, times: 1 } });
    expect(await connection.post(IDENTIFY, ONCE, SIGNAL)).toMatchObject({ ok: false, reason: 'lost' });
    const after = host.host.counts.requests['Identify'] ?? host.host.counts.connections;
    expect(after - before).toBeLessThanOrEqual(1);
    expect(connection.isOpen).toBe(true);
    expect(await connection.post(IDENTIFY, ONCE, SIGNAL)).toMatchObject({ ok: true });
  },
);

test('a second loss in a row is told, not tried again', async () => {
  const host = await windows({ drop: { point: 'before-answer', times: 9 } });
  const { connection } = connect(host);
  expect(await connection.post(IDENTIFY, ASK, SIGNAL)).toMatchObject({ ok: false, reason: 'lost' });
  expect(host.host.counts.connections).toBe(1);
});

test.each(['http', 'https'] as const)('silence over %s ends in time, and so does a wish to stop', async (scheme) => {
  const host = await windows();
  const late = connect(host, { scheme });
  await late.connection.post(IDENTIFY, ASK, SIGNAL);
  host.host.set({ isBlackHole: true });
  const answer = await late.connection.post(IDENTIFY, { ...ASK, timeoutMs: 50 }, SIGNAL);
  expect(answer).toMatchObject({ ok: false, reason: 'timed-out' });
  expect(late.connection.isOpen).toBe(false);
  host.host.set({ isBlackHole: false, delayMs: 5_000 });
  const stopped = connect(host, { scheme });
  expect(await stopped.connection.post(IDENTIFY, ASK, AbortSignal.timeout(50))).toMatchObject({ reason: 'cancelled' });
  expect(stopped.connection.isOpen).toBe(false);
});

test('two requests at once on one connection are a mistake that is told', async () => {
  const { connection } = connect(await windows());
  const [first, second] = await Promise.all([
    connection.post(IDENTIFY, ASK, SIGNAL),
    connection.post(IDENTIFY, ASK, SIGNAL),
  ]);
  expect(first).toMatchObject({ ok: true });
  expect(second).toMatchObject({ ok: false, reason: 'refused' });
});

test('a host that offers Basic alone is sent nothing', async () => {
  const asked: string[] = [];
  const { port } = await scripted((socket, text) => {
    asked.push(text);
    socket.write('HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="WSMAN"\r\nContent-Length: 0\r\n\r\n');
  });
  const { connection, verdicts } = connect(await windows(), { port });
  const reply = await connection.post(IDENTIFY, ASK, SIGNAL);
  expect(reply).toMatchObject({ ok: false, reason: 'refused' });
  expect(reply.ok ? '' : reply.detail).toContain('Basic');
  expect(asked).toHaveLength(1);
  expect(verdicts).toEqual(['not-tried']);
});

/** A TCP server that answers as it likes. */
async function scripted(answer: (socket: Socket, text: string) => void): Promise<{ port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => answer(socket, chunk.toString('latin1')));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return { port: bound.port };
}

test.each([
  ['not HTTP', 'SSH-2.0-OpenSSH\r\n', 'malformed'],
  ['a service that is away', 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 9\r\n\r\nsorry\x1b[2J', 'refused'],
  ['a redirect', 'HTTP/1.1 302 Found\r\nLocation: http://evil.test/\r\nContent-Length: 0\r\n\r\n', 'refused'],
  ['success without a login', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 'malformed'],
  [
    'a challenge of junk',
    'HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate AAAA\r\nContent-Length: 0\r\n\r\n',
    'malformed',
  ],
  ['an answer without end', `HTTP/1.1 401 No\r\nContent-Length: 99999999\r\n\r\n${'x'.repeat(5_000_000)}`, 'too-large'],
])('%s is told as what it is, without control characters', async (_, text, reason) => {
  const { port } = await scripted((socket) => void socket.write(text, 'latin1'));
  const { connection, verdicts } = connect(await windows(), { port });
  const reply = await connection.post(IDENTIFY, ASK, SIGNAL);
  expect(reply).toMatchObject({ ok: false, reason });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(reply.ok ? '' : reply.detail).not.toMatch(/[\x00-\x1f]/);
  expect(verdicts).toEqual(['not-tried']);
});

test('a closed port says so', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = bound === null || typeof bound === 'string' ? 0 : bound.port;
  server.close();
  await once(server, 'close');
  const { connection } = connect(await windows(), { port });
  expect(await connection.post(IDENTIFY, ASK, SIGNAL)).toMatchObject({ ok: false, reason: 'refused' });
  expect(connection.isOpen).toBe(true);
});
