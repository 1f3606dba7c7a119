// Proves on real TLS that an enrolled relay's link options lead to its own console and to no other server.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import {
  type Authority,
  createAuthority,
  issueRelayCertificate,
  issueServerCertificate,
  loadAuthority,
} from '#shared/crypto/certificate.ts';
import { spkiOf } from '#shared/crypto/identity-key.ts';
import { readRelayCertificate } from '#shared/crypto/peer-certificate.ts';
import { keyOfWord, SAMPLE_RELAY, SAMPLE_SITE } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { IdentityStore, linkTls } from './identity.ts';
import { explainTlsError } from './tls-errors.ts';

const now = Date.now();

async function listen(server: Authority, clients: Authority): Promise<number> {
  const own = await issueServerCertificate(server, { names: ['elsewhere.example'], ips: [], now });
  const options = { key: own.privateKey, cert: own.certificate, ca: clients.certificatePem, requestCert: true };
  const listener = tls.createServer({ ...options, minVersion: 'TLSv1.3' }, (socket) => {
    const peer = socket.getPeerX509Certificate();
    socket.end(peer === undefined ? 'nobody' : readRelayCertificate(peer).relay);
  });
  listener.on('tlsClientError', () => undefined);
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(() => void listener.close());
  return (listener.address() as AddressInfo).port;
}

async function enrolled(authority: Authority): Promise<IdentityStore> {
  const store = new IdentityStore(tempFolder(onTestFinished));
  const names = { relay: SAMPLE_RELAY, site: SAMPLE_SITE };
  const certificate = await issueRelayCertificate(authority, { ...names, spki: spkiOf(store.privateKey), now });
  const { publicKey: owner } = await keyOfWord('owner');
  const pinned = { certificate, authority: authority.certificatePem, owner };
  // The name is not in the console's certificate: an address may be anything that leads there.
  store.saveEnrolment({ ...names, ...pinned, kind: 'site', consoleUrl: 'https://localhost:8443', linkPort: 8444 });
  return store;
}

const knock = (store: IdentityStore, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = tls.connect({ ...linkTls(store), host: '127.0.0.1', port });
    socket.on('error', reject);
    socket.on('data', (data) => resolve(data.toString()));
    socket.on('close', () => reject(new Error('closed without a word')));
  });

test('the console knows the relay, by whatever name it was reached', async () => {
  const authority = await loadAuthority(await createAuthority(now));
  const store = await enrolled(authority);
  expect(await knock(store, await listen(authority, authority))).toBe(SAMPLE_RELAY);
});

test('a server of another authority is refused and explained', async () => {
  const [mine, other] = [
    await loadAuthority(await createAuthority(now)),
    await loadAuthority(await createAuthority(now)),
  ];
  const store = await enrolled(mine);
  const error = await knock(store, await listen(other, mine)).catch((caught: unknown) => caught);
  expect(explainTlsError(error, 'localhost:8444').code).toBe('certificate-intercepted');
});
