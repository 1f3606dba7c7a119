// Proves enrolment and late renewal against real HTTPS servers: the honest one, and each dishonest or broken one.
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { renewalDecision, verifyEnrolmentProof, verifyRenewalProof } from '#console/trust/enrolment-proof.ts';
import { TunnelAgent } from '#relay/uplink/proxy.ts';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError, describeError, type ErrorCode } from '#shared/base/errors.ts';
import { RelayId } from '#shared/base/id.ts';
import {
  type Authority,
  createAuthority,
  issueRelayCertificate,
  issueServerCertificate,
  type KeyAndCertificate,
  loadAuthority,
} from '#shared/crypto/certificate.ts';
import { ENROL_PATH, EnrolRequest, RenewRequest } from '#shared/crypto/enrolment-messages.ts';
import { fingerprintSha256 } from '#shared/crypto/peer-certificate.ts';
import { formatToken, hashSecret, newSecret } from '#shared/crypto/token.ts';
import { draftFirstCharter } from '#shared/seal/charter-draft.ts';
import { signCharter } from '#shared/seal/charter-seal.ts';
import type { SigningKey } from '#shared/seal/key-pair.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { keyOfWord, SAMPLE_RELAY, SAMPLE_SITE } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { CharterStore } from './charter-store.ts';
import { type EnrolOptions, enrol } from './enrol.ts';
import { IdentityStore } from './identity.ts';
import { renewIfDue } from './renew.ts';

const DAY = 86_400_000;
const NOW = Date.now();
const TOKEN_ID = '0190a000-0000-7000-8000-000000000004';
const SECRET = newSecret();

let authority: Authority;
let stranger: Authority;
let owner: SigningKey;
let serverFiles: KeyAndCertificate;
beforeAll(async () => {
  [authority, stranger] = await Promise.all(
    [1, 2].map(async () => loadAuthority(await createAuthority(NOW))) as [Promise<Authority>, Promise<Authority>],
  );
  owner = await keyOfWord('owner');
  serverFiles = await issueServerCertificate(authority, { names: [], ips: ['127.0.0.1'], now: NOW });
});

/** What a console answers, honest unless a test bends it. */
interface Console {
  url: string;
  /** Bodies received; a refused TLS handshake leaves none. */
  bodies: string[];
  now: EpochMs;
  certificateNow: EpochMs;
  revokedAt: EpochMs | null;
  tokenHash: string;
  answer: Record<string, unknown>;
}

async function answerEnrolment(console: Console, body: unknown): Promise<unknown> {
  const proven = verifyEnrolmentProof(EnrolRequest.parse(body));
  if (proven.tokenHash !== console.tokenHash) throw new AppError('token-unknown', 'no such token\u001b[2J');
  const draft = draftFirstCharter({
    site: SAMPLE_SITE,
    owner: owner.publicKey,
    cliSigner: (await keyOfWord('cli')).publicKey,
    now: console.now,
  });
  const names = { relay: SAMPLE_RELAY, site: SAMPLE_SITE };
  return {
    ...names,
    certificate: await issueRelayCertificate(authority, { ...names, spki: proven.spki, now: console.certificateNow }),
    authority: authority.certificatePem,
    charter: await signCharter(draft, [owner]),
    owner: owner.publicKey,
    linkPort: 8444,
    ...console.answer,
  };
}

async function answerRenewal(console: Console, body: unknown): Promise<unknown> {
  const certificate = verifyRenewalProof(RenewRequest.parse(body), authority.certificatePem, console.now);
  const decision = renewalDecision({ certificate, now: console.now, revokedAt: console.revokedAt });
  if (!decision.ok) throw new AppError(decision.code, decision.message);
  const { relay, site, spki } = certificate;
  return { certificate: await issueRelayCertificate(authority, { relay, site, spki, now: console.now }) };
}

async function startConsole(tls: KeyAndCertificate | 'plain' = serverFiles): Promise<Console> {
  const handle: http.RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      self.bodies.push(text);
      const answering = request.url === ENROL_PATH ? answerEnrolment : answerRenewal;
      answering(self, JSON.parse(text)).then(
        (answer) => response.writeHead(200).end(JSON.stringify(answer)),
        (error: unknown) => response.writeHead(403).end(JSON.stringify(describeError(error))),
      );
    });
  };
  const server =
    tls === 'plain'
      ? http.createServer(handle)
      : https.createServer({ key: tls.privateKey, cert: tls.certificate }, handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const self: Console = {
    url: `${tls === 'plain' ? 'http' : 'https'}://127.0.0.1:${port}`,
    bodies: [],
    now: NOW,
    certificateNow: NOW,
    revokedAt: null,
    tokenHash: hashSecret(SECRET),
    answer: {},
  };
  return self;
}

function optionsFor(
  console: Console,
  change: Partial<EnrolOptions> = {},
  pin = fingerprintSha256(authority.certificatePem),
): EnrolOptions {
  const data = tempFolder(onTestFinished);
  return {
    data,
    store: new IdentityStore(data),
    token: formatToken({ url: console.url, authority: pin, id: TOKEN_ID, secret: SECRET }),
    kind: 'site',
    version: '0.1.0',
    identity: { macs: [] },
    system: 'linux',
    owner: owner.publicKey.id,
    signal: new AbortController().signal,
    ...change,
  };
}

const refusalOf = async (options: EnrolOptions): Promise<{ code: ErrorCode; message: string }> => {
  const error: unknown = await enrol(options).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(AppError);
  expect(options.store.enrolment).toBeUndefined();
  expect(String(error)).not.toContain(SECRET);
  return describeError(error);
};

test.each(['https', 'http'])(
  'a relay enrols over %s on loopback, and is the same relay after a restart',
  async (scheme) => {
    const console = await startConsole(scheme === 'https' ? serverFiles : 'plain');
    const options = optionsFor(console);
    const { enrolment, charter } = await enrol(options);
    expect(enrolment).toMatchObject({ relay: SAMPLE_RELAY, site: SAMPLE_SITE, owner: owner.publicKey, linkPort: 8444 });
    const again = new IdentityStore(options.data);
    expect(again.enrolment).toEqual(enrolment);
    expect(again.certificate?.relay).toBe(SAMPLE_RELAY);
    expect((await CharterStore.open(options.data)).charter).toEqual(charter);
    await expect(enrol({ ...options, store: again })).rejects.toMatchObject({ code: 'conflict' });
    const before = again.privateKey;
    await enrol({ ...options, store: again, isReplacing: true });
    expect(again.privateKey).not.toBe(before);
  },
);

test('a refused token is told in the words of the console, cleaned', async () => {
  const console = await startConsole();
  console.tokenHash = 'ab'.repeat(32);
  const { code, message } = await refusalOf(optionsFor(console));
  expect(code).toBe('token-unknown');
  expect(message).toContain('refuses: "no such token?[2J"');
});

test('a cut token is refused before anything is sent', async () => {
  const console = await startConsole();
  const options = optionsFor(console);
  const { code } = await refusalOf({ ...options, token: options.token.slice(0, -2) });
  expect(code).toBe('bad-request');
  expect(console.bodies).toEqual([]);
});

test('an interceptor never sees the secret, and is named', async () => {
  const files = await issueServerCertificate(stranger, { names: ['localhost'], ips: ['127.0.0.1'], now: NOW });
  const console = await startConsole(files);
  const { code, message } = await refusalOf(optionsFor(console));
  expect(code).toBe('certificate-intercepted');
  expect(message).toContain(`issued by "${stranger.certificate.subject}"`);
  expect(console.bodies).toEqual([]);
});

test('a server that only shows our authority beside its own foreign certificate never sees the secret', async () => {
  const foreign = await issueServerCertificate(stranger, { names: [], ips: ['127.0.0.1'], now: NOW });
  const leaf = foreign.certificate.split(/(?<=-----END CERTIFICATE-----\n)/)[0] ?? '';
  const console = await startConsole({ ...foreign, certificate: leaf + authority.certificatePem });
  expect((await refusalOf(optionsFor(console))).code).toMatch(/^certificate-/);
  expect(console.bodies).toEqual([]);
});

test('a relay of our authority cannot pose as the console', async () => {
  const console = await startConsole();
  const posing = optionsFor(console);
  await enrol(posing);
  const { enrolment } = posing.store;
  const certificate = `${enrolment?.certificate}${authority.certificatePem}`;
  const impostor = await startConsole({ certificate, privateKey: posing.store.privateKey });
  expect((await refusalOf(optionsFor(impostor))).code).toBe('certificate-unknown');
  expect(impostor.bodies).toEqual([]);
});

test('an expired server certificate is told as such', async () => {
  const files = await issueServerCertificate(authority, { names: [], ips: ['127.0.0.1'], now: NOW - 100 * DAY });
  const console = await startConsole(files);
  expect((await refusalOf(optionsFor(console))).code).toBe('certificate-expired');
  expect(console.bodies).toEqual([]);
});

test('an answer with another authority than the token names is refused', async () => {
  const console = await startConsole('plain');
  expect((await refusalOf(optionsFor(console, {}, fingerprintSha256(stranger.certificatePem)))).code).toBe(
    'authority-mismatch',
  );
});

test('an owner other than the one passed by hand is refused', async () => {
  const console = await startConsole();
  const other = await keyOfWord('other');
  expect((await refusalOf(optionsFor(console, { owner: other.publicKey.id }))).code).toBe('owner-mismatch');
  console.answer = { owner: other.publicKey };
  expect((await refusalOf(optionsFor(console))).code).toBe('owner-mismatch');
  console.answer = { owner: { id: owner.publicKey.id, key: other.publicKey.key } };
  expect((await refusalOf(optionsFor(console))).code).toBe('owner-mismatch');
  console.answer = { owner: other.publicKey };
  expect((await refusalOf(optionsFor(console, { owner: undefined }))).code).toBe('signature-invalid');
});

test('a certificate for another relay or another key is refused', async () => {
  const console = await startConsole();
  console.answer = { relay: RelayId.parse('0190a000-0000-7000-8002-000000000009') };
  expect((await refusalOf(optionsFor(console))).code).toBe('certificate-unknown');
  const other = optionsFor(console);
  console.answer = {};
  await enrol(other);
  console.answer = { certificate: other.store.enrolment?.certificate };
  expect((await refusalOf(optionsFor(console))).code).toBe('certificate-unknown');
});

test('an answer that is no console speaking, or far too large, is refused', async () => {
  const console = await startConsole();
  console.answer = { linkPort: 'x' };
  expect((await refusalOf(optionsFor(console))).code).toBe('unavailable');
  console.answer = { padding: 'x'.repeat(2 * 1024 * 1024) };
  expect((await refusalOf(optionsFor(console))).code).toBe('too-large');
});

test('a console that is away, and http beyond this machine, are told', async () => {
  const console = await startConsole();
  expect((await refusalOf(optionsFor({ ...console, url: 'https://127.0.0.1:1' }))).code).toBe('unavailable');
  const beyond = await refusalOf(optionsFor({ ...console, url: 'http://console.example:8080' }));
  expect(beyond).toMatchObject({ code: 'bad-request', message: expect.stringContaining('use https') });
});

test('a relay enrols through an HTTP CONNECT proxy, which sees nothing of it', async () => {
  const console = await startConsole();
  const asked: string[] = [];
  let seen = '';
  const proxy = http.createServer().on('connect', (request, client, head) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization']}`);
    const { hostname, port } = new URL(`http://${request.url}`);
    const onward = net.connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.write(head);
      client.on('data', (chunk: Buffer) => {
        seen += chunk.toString('latin1');
      });
      client.pipe(onward).pipe(client);
    });
    for (const socket of [client, onward]) socket.on('error', () => [client, onward].map((each) => each.destroy()));
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  const options = optionsFor(console, { agent: new TunnelAgent(new URL(`http://user:pass@127.0.0.1:${port}`)) });
  expect((await enrol(options)).enrolment.relay).toBe(SAMPLE_RELAY);
  const { host } = new URL(console.url);
  expect(new Set(asked)).toEqual(new Set([`${host} Basic ${Buffer.from('user:pass').toString('base64')}`]));
  expect(seen.length).toBeGreaterThan(0);
  expect(seen).not.toContain(SECRET);
});

test('an expired certificate renews by its key; a revoked one does not', async () => {
  const console = await startConsole();
  console.certificateNow = NOW - 100 * DAY;
  const options = optionsFor(console);
  await enrol(options);
  const { store, signal } = options;
  const deps = { store, clock: new FakeClock(NOW), signal };
  console.revokedAt = NOW;
  await expect(renewIfDue(deps)).rejects.toMatchObject({ code: 'certificate-revoked' });
  console.revokedAt = null;
  console.now = NOW + 20 * 60_000;
  await expect(renewIfDue(deps)).rejects.toMatchObject({ code: 'clock-skew' });
  console.now = NOW;
  expect(await renewIfDue(deps)).toBe('renewed');
  expect(store.certificate?.expiresAt).toBeGreaterThan(NOW + 13 * DAY);
  expect(await renewIfDue(deps)).toBe('not-due');
});
