// Proves who gets a certificate: holders of their key only, and an expired one for 180 days unless it was revoked.
import { beforeAll, expect, test } from 'vitest';
import { RelayId, SiteId } from '#shared/base/id.ts';
import { type Authority, createAuthority, issueRelayCertificate, loadAuthority } from '#shared/crypto/certificate.ts';
import { EnrolRequest, RenewRequest } from '#shared/crypto/enrolment-messages.ts';
import { newRelayKey, proveKey, spkiKeyId, spkiOf } from '#shared/crypto/identity-key.ts';
import { readCertificate, readRelayCertificate } from '#shared/crypto/peer-certificate.ts';
import { hashSecret, newSecret } from '#shared/crypto/token.ts';
import { renewalDecision, verifyEnrolmentProof, verifyLinkRenewal, verifyRenewalProof } from './enrolment-proof.ts';

const relay = RelayId.parse('0190a000-0000-7000-8000-000000000002');
const site = SiteId.parse('0190a000-0000-7000-8000-000000000003');
const tokenId = '0190a000-0000-7000-8000-000000000004';
const NOW = 1_795_305_600_000;
const DAY = 86_400_000;

const key = newRelayKey();
const spki = spkiOf(key);
const secret = newSecret();

let authority: Authority;
let certificate: string;
beforeAll(async () => {
  authority = await loadAuthority(await createAuthority(NOW));
  certificate = await issueRelayCertificate(authority, { relay, site, spki, now: NOW });
});

function enrolRequest(change: Partial<EnrolRequest> = {}): EnrolRequest {
  const proof = proveKey({ purpose: 'enrol', tokenId, tokenHash: hashSecret(secret) }, key).toString('base64url');
  const self = { hostname: 'fra-1', version: '0.1.0', kind: 'site' as const, system: 'linux' as const };
  const request = { tokenId, secret, spki: spki.toString('base64url'), proof, identity: { macs: [] }, ...self };
  return EnrolRequest.parse({ ...request, ...change });
}

function renewRequest(time: number, change: Partial<RenewRequest> = {}, by = key): RenewRequest {
  const { serial } = readRelayCertificate(readCertificate(certificate));
  const nonce = 'n'.repeat(22);
  const proof = proveKey({ purpose: 'renew', relay, serial, time, nonce }, by).toString('base64url');
  return RenewRequest.parse({ certificate, time, nonce, proof, ...change });
}

test('an enrolment with its proof gives the key and the hash of the token', () => {
  expect(verifyEnrolmentProof(enrolRequest())).toEqual({
    spki: new Uint8Array(spki),
    keyId: spkiKeyId(spki),
    tokenHash: hashSecret(secret),
  });
});

test.each<[string, Partial<EnrolRequest>]>([
  ['another secret', { secret: newSecret() }],
  ['another token', { tokenId: '0190a000-0000-7000-8000-000000000009' }],
  ['another key', { spki: spkiOf(newRelayKey()).toString('base64url') }],
])('a proof does not serve %s', (_name, change) => {
  expect(() => verifyEnrolmentProof(enrolRequest(change))).toThrow(
    expect.objectContaining({ code: 'signature-invalid' }),
  );
});

test.each([
  ['its last day', NOW + 13 * DAY],
  ['long after it expired', NOW + 190 * DAY],
])('a renewal by the key of the certificate is proven on %s', (_name, at) => {
  expect(verifyRenewalProof(renewRequest(at), authority.certificatePem, at)).toMatchObject({ relay, site });
});

test('a renewal by another key, for another time, or with an altered nonce is refused', () => {
  const verify = (request: RenewRequest) => () => verifyRenewalProof(request, authority.certificatePem, NOW);
  const code = expect.objectContaining({ code: 'signature-invalid' });
  expect(verify(renewRequest(NOW, {}, newRelayKey()))).toThrow(code);
  expect(verify(renewRequest(NOW, { time: NOW + 1 }))).toThrow(code);
  expect(verify(renewRequest(NOW, { nonce: 'm'.repeat(22) }))).toThrow(code);
});

test('a clock ten minutes off renews, one twenty minutes off is told so', () => {
  const verify = (skew: number) => () => verifyRenewalProof(renewRequest(NOW + skew), authority.certificatePem, NOW);
  expect(verify(600_000)).not.toThrow();
  expect(verify(-600_000)).not.toThrow();
  expect(verify(-1_200_000)).toThrow(/its clock is -1200 s off/);
});

test('a certificate of a rogue authority renews nothing', async () => {
  const rogue = await loadAuthority(await createAuthority(NOW));
  const forged = await issueRelayCertificate(rogue, { relay, site, spki, now: NOW });
  expect(() => verifyRenewalProof(renewRequest(NOW, { certificate: forged }), authority.certificatePem, NOW)).toThrow(
    expect.objectContaining({ code: 'certificate-unknown' }),
  );
});

test('over the link a key is renewed, never exchanged', () => {
  const other = newRelayKey();
  const ask = (by: string, keyId: string) => () =>
    verifyLinkRenewal({ relay, keyId, spki: spkiOf(by), proof: proveKey({ purpose: 'renew-link', relay }, by) });
  expect(ask(key, spkiKeyId(spki))).not.toThrow();
  expect(ask(other, spkiKeyId(spki))).toThrow(expect.objectContaining({ code: 'certificate-unknown' }));
});

test.each([
  ['valid', NOW + DAY, null, undefined],
  ['just expired', NOW + 14 * DAY + 1, null, undefined],
  ['expired for 180 days', NOW + 194 * DAY, null, undefined],
  ['expired for longer', NOW + 194 * DAY + 1, null, 'certificate-expired'],
  ['revoked', NOW + DAY, NOW, 'certificate-revoked'],
  ['revoked and long expired', NOW + 900 * DAY, NOW, 'certificate-revoked'],
])('a certificate that is %s', (_name, now, revokedAt, code) => {
  const decision = renewalDecision({ certificate: { relay, expiresAt: NOW + 14 * DAY }, now, revokedAt });
  expect(decision.ok ? undefined : decision.code).toBe(code);
});
