// Proves what stands in the certificates that we issue, and that a foreign one is told from ours.
import { X509Certificate } from 'node:crypto';
import { Certificate } from 'pkijs';
import { beforeAll, expect, test } from 'vitest';
import { RelayId, SiteId } from '#shared/base/id.ts';
import {
  type Authority,
  createAuthority,
  issueRelayCertificate,
  issueServerCertificate,
  loadAuthority,
} from './certificate.ts';
import { newRelayKey, spkiKeyId, spkiOf } from './identity-key.ts';
import {
  assertIssuedBy,
  expiryOf,
  fingerprintSha256,
  readCertificate,
  readRelayCertificate,
} from './peer-certificate.ts';

const relay = RelayId.parse('0190a000-0000-7000-8000-000000000002');
const site = SiteId.parse('0190a000-0000-7000-8000-000000000003');
const NOW = 1_795_305_600_000;
const DAY = 86_400_000;

let authority: Authority;
let rogue: Authority;
beforeAll(async () => {
  authority = await loadAuthority(await createAuthority(NOW));
  rogue = await loadAuthority(await createAuthority(NOW));
});

test('an authority may sign end certificates only, for ten years', () => {
  const ca = readCertificate(authority.certificatePem);
  expect(ca.ca).toBe(true);
  expect(ca.verify(ca.publicKey)).toBe(true);
  expect(expiryOf(ca)).toBe(NOW + 3_652 * DAY);
  const parsed = Certificate.fromBER(new Uint8Array(ca.raw).buffer);
  const limits = parsed.extensions?.find(({ extnID }) => extnID === '2.5.29.19');
  expect(limits).toMatchObject({ critical: true, parsedValue: { cA: true, pathLenConstraint: 0 } });
  expect(ca.subject).not.toBe(readCertificate(rogue.certificatePem).subject);
});

test('a relay certificate names relay, site and key, and lasts 14 days', async () => {
  const spki = spkiOf(newRelayKey());
  const pem = await issueRelayCertificate(authority, { relay, site, spki, now: NOW });
  const certificate = readCertificate(pem);
  const read = readRelayCertificate(certificate);
  expect(read).toMatchObject({ relay, site, keyId: spkiKeyId(spki), expiresAt: NOW + 14 * DAY });
  expect(read.issuedAt).toBe(NOW - 3_600_000);
  expect(read.serial).toMatch(/^[4-7][0-9a-f]{31}$/);
  expect(() => assertIssuedBy(certificate, authority.certificatePem)).not.toThrow();
});

test('a certificate of another authority is not ours, whatever it says', async () => {
  const spki = spkiOf(newRelayKey());
  const pem = await issueRelayCertificate(rogue, { relay, site, spki, now: NOW });
  expect(() => assertIssuedBy(readCertificate(pem), authority.certificatePem)).toThrow(
    expect.objectContaining({ code: 'certificate-unknown' }),
  );
});

test('a server certificate is no relay, carries its names, and brings the authority along', async () => {
  const server = await issueServerCertificate(authority, {
    names: ['rmm.example'],
    ips: ['127.0.0.1', '::1'],
    now: NOW,
  });
  const [own = '', ca = ''] = server.certificate.split(/(?<=-----END CERTIFICATE-----\n)/);
  const certificate = new X509Certificate(own);
  expect(certificate.checkHost('rmm.example')).toBe('rmm.example');
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.checkIP('::1')).toBe('::1');
  expect(fingerprintSha256(ca)).toBe(fingerprintSha256(authority.certificatePem));
  expect(() => readRelayCertificate(certificate)).toThrow(expect.objectContaining({ code: 'certificate-unknown' }));
});

test('text that is no certificate is refused by code', () => {
  expect(() => readCertificate('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')).toThrow(
    expect.objectContaining({ code: 'certificate-unknown' }),
  );
});
