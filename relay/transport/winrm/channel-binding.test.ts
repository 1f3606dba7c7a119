// Channel bindings and fingerprints of certificates that openssl made; what is expected was computed with openssl too.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SecurityFailure } from '#relay/transport/security-context.ts';
import { certificateFingerprint, channelBindingOf } from './channel-binding.ts';

// Three rooms up is the project: where its fixtures stand.
const FIXTURES = path.resolve(import.meta.dirname, '..', '..', '..', 'test', 'fixtures', 'certificates');
const certificate = (name: string) => new X509Certificate(readFileSync(path.join(FIXTURES, `${name}.pem`)));

test.each([
  ['ecdsa-sha1', 'SHA-256 in its place', 32, 'c4dc8062215c1f9c'],
  ['rsa-md5', 'SHA-256 in its place', 32, 'd82f351a81dc1f3e'],
  ['ecdsa-sha256', 'SHA-256', 32, '1cf04c1aa3bdbc70'],
  ['ecdsa-sha384', 'SHA-384', 48, '0de9dd7b5384d925'],
  ['rsa-sha512', 'SHA-512', 64, '3b5311990678e7db'],
  ['rsa-pss-sha512', 'SHA-512 of its parameters', 64, 'f7c9f074c5034316'],
  ['ed25519', 'SHA-256, for want of a hash', 32, 'deaa46e1bd258b1e'],
])('a certificate signed with %s is hashed with %s', (name, _, length, start) => {
  const data = Buffer.from(channelBindingOf(certificate(name).raw).applicationData);
  expect(data.subarray(0, 21).toString('latin1')).toBe('tls-server-end-point:');
  expect(data.length).toBe(21 + length);
  expect(data.subarray(21, 29).toString('hex')).toBe(start);
});

test('a certificate is known by its key', () => {
  expect(certificateFingerprint(certificate('ecdsa-sha256'))).toBe(
    'SHA256:UTA/XHi/Ww+0b/z9/GGRnyMqHvyMXlluaf+NhJ0SFqI',
  );
});

test('bytes that are no certificate give a SecurityFailure or a hash', () => {
  const { raw } = certificate('rsa-pss-sha512');
  fc.assert(
    fc.property(fc.nat(raw.length - 1), fc.nat(255), fc.nat(raw.length), (at, value, length) => {
      const copy = Buffer.from(raw);
      copy[at] = value;
      try {
        channelBindingOf(copy.subarray(0, length));
        return true;
      } catch (error) {
        return error instanceof SecurityFailure;
      }
    }),
  );
});
