// Proves that a key's holder, and nobody else, can make the statements of enrolment and renewal.
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { RelayId } from '#shared/base/id.ts';
import { type KeyStatement, newRelayKey, proveKey, spkiKeyId, spkiOf, verifyKeyProof } from './identity-key.ts';

const relay = RelayId.parse('0190a000-0000-7000-8000-000000000002');
const ENROL: KeyStatement = { purpose: 'enrol', tokenId: 't', tokenHash: 'ab'.repeat(32) };
const RENEW: KeyStatement = { purpose: 'renew', relay, serial: '4a', time: 5, nonce: 'n' };
const LINK: KeyStatement = { purpose: 'renew-link', relay };

const key = newRelayKey();
const spki = spkiOf(key);

test.each([ENROL, RENEW, LINK])('the holder of a key proves $purpose', (statement) => {
  expect(() => verifyKeyProof(statement, spki, proveKey(statement, key))).not.toThrow();
});

test.each<[string, KeyStatement, KeyStatement]>([
  ['another token', ENROL, { ...ENROL, tokenHash: 'cd'.repeat(32) }],
  ['another purpose', LINK, RENEW],
  ['another time', RENEW, { ...RENEW, time: 6 }],
  ['another nonce', RENEW, { ...RENEW, nonce: 'm' }],
  ['another certificate', RENEW, { ...RENEW, serial: '4b' }],
])('a proof does not serve %s', (_name, signed, claimed) => {
  expect(() => verifyKeyProof(claimed, spki, proveKey(signed, key))).toThrow(
    expect.objectContaining({ code: 'signature-invalid' }),
  );
});

test('a proof by one key does not serve another', () => {
  const proof = proveKey(ENROL, key);
  expect(() => verifyKeyProof(ENROL, spkiOf(newRelayKey()), proof)).toThrow(/no proof/);
});

test('an empty, cut or long proof is refused', () => {
  const proof = proveKey(ENROL, key);
  for (const bad of [Buffer.alloc(0), proof.subarray(1), Buffer.concat([proof, Buffer.of(0)]), Buffer.alloc(64)]) {
    expect(() => verifyKeyProof(ENROL, spki, bad)).toThrow(/no proof/);
  }
});

test('only an Ed25519 key in its exact DER form is looked at', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'der' });
  const x25519 = generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' });
  for (const bad of [rsa, x25519, spki.subarray(0, 43), Buffer.concat([spki, Buffer.of(0)]), Buffer.alloc(0)]) {
    expect(() => verifyKeyProof(ENROL, bad, Buffer.alloc(64))).toThrow(
      expect.objectContaining({ code: 'bad-request' }),
    );
  }
});

test('two keys have two names', () => {
  expect(spkiKeyId(spki)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(spkiKeyId(spkiOf(newRelayKey()))).not.toBe(spkiKeyId(spki));
});
