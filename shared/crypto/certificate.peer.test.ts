// Proves on real TLS 1.3 loopback pairs who gets in: our relays, and nobody with no, a foreign, an expired or a misused certificate.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RelayId, SiteId } from '#shared/base/id.ts';
import {
  type Authority,
  createAuthority,
  issueRelayCertificate,
  issueServerCertificate,
  type KeyAndCertificate,
  loadAuthority,
} from './certificate.ts';
import { newRelayKey, spkiOf } from './identity-key.ts';
import { CONSOLE_TLS_NAME, readRelayCertificate } from './peer-certificate.ts';

const relay = RelayId.parse('0190a000-0000-7000-8000-000000000002');
const site = SiteId.parse('0190a000-0000-7000-8000-000000000003');
const DAY = 86_400_000;
const now = Date.now();

let files: KeyAndCertificate;
let authority: Authority;
let server: tls.Server;
/** Lets everybody in and tells them what the strict one would hold against them, which a Node server keeps to itself. */
let witness: tls.Server;
const seen: string[] = [];

beforeAll(async () => {
  files = await createAuthority(now);
  authority = await loadAuthority(files);
  const own = await issueServerCertificate(authority, { names: [], ips: [], now });
  const options = { key: own.privateKey, cert: own.certificate, ca: files.certificate, requestCert: true };
  server = tls.createServer({ ...options, rejectUnauthorized: true, minVersion: 'TLSv1.3' });
  server.on('secureConnection', (socket) => {
    const peer = socket.getPeerX509Certificate();
    if (peer !== undefined) seen.push(readRelayCertificate(peer).relay);
    socket.end('welcome');
  });
  witness = tls.createServer({ ...options, rejectUnauthorized: false }, (socket) => {
    socket.end(String(socket.authorizationError));
  });
  for (const each of [server, witness]) {
    each.on('tlsClientError', () => undefined);
    each.listen(0, '127.0.0.1');
    await once(each, 'listening');
  }
});
afterAll(() => {
  server.close();
  witness.close();
});

/** Why the strict server turns `client` away; it must really do so. */
async function refusal(client: { key: string; cert: string }): Promise<string> {
  const before = seen.length;
  expect(await knock(client)).not.toBe('welcome');
  expect(seen).toHaveLength(before);
  return knock(client, witness);
}

/** 'welcome', or the error code the client ends with. */
async function knock(
  client: { key?: string; cert?: string; ca?: string; name?: string },
  at: tls.Server = server,
): Promise<string> {
  const { port } = at.address() as AddressInfo;
  const socket = tls.connect({
    host: '127.0.0.1',
    port,
    ca: client.ca ?? files.certificate,
    ...(client.key === undefined ? {} : { key: client.key }),
    ...(client.cert === undefined ? {} : { cert: client.cert }),
    checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(client.name ?? CONSOLE_TLS_NAME, certificate),
  });
  return new Promise<string>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on('data', (data) => resolve(data.toString()));
    socket.on('close', () => resolve('closed without a word'));
  }).finally(() => socket.destroy());
}

const relayPair = async (issuer: Authority, at: number, days = 14) => {
  const key = newRelayKey();
  return { key, cert: await issueRelayCertificate(issuer, { relay, site, spki: spkiOf(key), now: at, days }) };
};

test('a relay with our certificate is let in and known by its id', async () => {
  expect(await knock(await relayPair(authority, now))).toBe('welcome');
  expect(seen.at(-1)).toBe(relay);
});

test('no certificate is refused', async () => {
  expect(await knock({})).toMatch(/CERTIFICATE_REQUIRED/);
});

test('a rogue authority of the same name is refused', async () => {
  const other = await loadAuthority(await createAuthority(now));
  const twin = { ...authority, privateKey: other.privateKey };
  const pair = await relayPair(twin, now);
  expect(await refusal(pair)).toMatch(/SIGNATURE_FAILURE|UNABLE_TO/);
});

test('an expired or not yet valid certificate is refused', async () => {
  expect(await refusal(await relayPair(authority, now - 20 * DAY))).toBe('CERT_HAS_EXPIRED');
  expect(await refusal(await relayPair(authority, now + 2 * DAY))).toBe('CERT_NOT_YET_VALID');
});

test('a server certificate does not pass for a relay', async () => {
  const pair = await issueServerCertificate(authority, { names: [], ips: [], now });
  expect(await refusal({ key: pair.privateKey, cert: pair.certificate })).toBe('INVALID_PURPOSE');
});

test('a certificate without its key is refused', async () => {
  const [mine, other] = await Promise.all([relayPair(authority, now), relayPair(authority, now)]);
  await expect(async () => knock({ key: mine.key, cert: other.cert })).rejects.toThrow(/mismatch/i);
});

test('a relay refuses a console of another authority, and a name the console has not', async () => {
  const pair = await relayPair(authority, now);
  const other = await createAuthority(now);
  expect(await knock({ ...pair, ca: other.certificate })).toMatch(/SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO/);
  expect(await knock({ ...pair, name: 'elsewhere.example' })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
});

test('a relay certificate does not pass for a console', async () => {
  const pair = await relayPair(authority, now);
  const impostor = tls.createServer({ key: pair.key, cert: pair.cert });
  impostor.listen(0, '127.0.0.1');
  await once(impostor, 'listening');
  const { port } = impostor.address() as AddressInfo;
  const socket = tls.connect({ host: '127.0.0.1', port, ca: files.certificate, checkServerIdentity: () => undefined });
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('INVALID_PURPOSE');
  socket.destroy();
  impostor.close();
});
