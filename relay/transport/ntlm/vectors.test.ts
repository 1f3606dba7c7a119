// The published vectors: RFC 1320, RFC 6229 and MS-NLMP 4.2.4.
import { expect, test } from 'vitest';
import { AV, encodeAvPairs } from './av-pairs.ts';
import { clientBlob, hmacMd5, ntHash, ntOwfV2, ntProof, sealKey, sessionBaseKey, signKey } from './keys.ts';
import { md4 } from './md4.ts';
import { utf16 } from './payload.ts';
import { Rc4 } from './rc4.ts';
import { NtlmSealing } from './sealing.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => Buffer.from(text, 'hex');

// RFC 1320, A.5.
test.each([
  ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
  ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
  ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
  ['message digest', 'd9130a8164549fe818874806e1c7014b'],
  ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
  [
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
    'e33b4ddc9c38f2199c3e7b164fcc0536',
  ],
])('MD4 of %j is what RFC 1320 says', (text, expected) => {
  expect(hex(md4(Buffer.from(text)))).toBe(expected);
});

// RFC 6229, section 2: first 32 bytes of the key stream, and 16 at offset 4096 for the shortest and a long key.
test.each([
  ['0102030405', 0, 'b2396305f03dc027ccc3524a0a1118a8', '6982944f18fc82d589c403a47a0d0919'],
  ['01020304050607', 0, '293f02d47f37c9b633f2af5285feb46b', 'e620f1390d19bd84e2e0fd752031afc1'],
  ['0102030405060708', 0, '97ab8a1bf0afb96132f2f67258da15a8', '8263efdb45c4a18684ef87e6b19e5b09'],
  ['0102030405060708090a0b0c0d0e0f10', 0, '9ac7cc9a609d1ef7b2932899cde41b97', '5248c4959014126a6e8a84f11d1a9e1c'],
  ['0102030405', 4096, 'ff25b58995996707e51fbdf08b34d875', undefined],
])('RC4 with key %s at offset %i is what RFC 6229 says', (key, offset, first, second) => {
  const stream = new Rc4(bytes(key));
  stream.update(Buffer.alloc(offset));
  expect(hex(stream.update(Buffer.alloc(16)))).toBe(first);
  if (second !== undefined) expect(hex(stream.update(Buffer.alloc(16)))).toBe(second);
});

// MS-NLMP 4.2.1 and 4.2.4.
const SERVER_CHALLENGE = bytes('0123456789abcdef');
const CLIENT_CHALLENGE = Buffer.alloc(8, 0xaa);
const SESSION_KEY = Buffer.alloc(16, 0x55);
const INFO = encodeAvPairs(
  new Map([
    [AV.nbDomainName, utf16('Domain')],
    [AV.nbComputerName, utf16('Server')],
  ]),
);
const owf = ntOwfV2(ntHash('Password'), 'User', 'Domain');
const proof = ntProof(owf, SERVER_CHALLENGE, clientBlob(0n, CLIENT_CHALLENGE, INFO));

test('the hashes of the password are those of MS-NLMP 4.2.2.1.2 and 4.2.4.1.1', () => {
  expect(hex(ntHash('Password'))).toBe('a4f49c406510bdcab6824ee7c30fd852');
  expect(hex(owf)).toBe('0c868a403bfd7a93a3001ef22ef02e3f');
});

test('the proof and the LMv2 response are those of MS-NLMP 4.2.4.2', () => {
  expect(hex(proof)).toBe('68cd0ab851e51c96aabc927bebef6a1c');
  const lm = Buffer.concat([hmacMd5(owf, SERVER_CHALLENGE, CLIENT_CHALLENGE), CLIENT_CHALLENGE]);
  expect(hex(lm)).toBe('86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa');
});

test('the session keys are those of MS-NLMP 4.2.4.1.2 and 4.2.4.2.3', () => {
  const base = sessionBaseKey(owf, proof);
  expect(hex(base)).toBe('8de40ccadbc14a82f15cb0ad0de95ca3');
  expect(hex(new Rc4(base).update(SESSION_KEY))).toBe('c5dad2544fc9799094ce1ce90bc9d03e');
});

test('the signing and sealing keys and a sealed message are those of MS-NLMP 4.2.4.4', () => {
  expect(hex(signKey(SESSION_KEY, 'client'))).toBe('4788dc861b4782f35d43fd98fe1a2d39');
  expect(hex(sealKey(SESSION_KEY, 'client'))).toBe('59f600973cc4960a25480a7c196e4c58');
  const sealed = new NtlmSealing(SESSION_KEY, 'client').wrap(utf16('Plaintext'));
  expect(hex(sealed.data)).toBe('54e50165bf1936dc996020c1811b0f06fb5f');
  expect(hex(sealed.signature)).toBe('010000007fb38ec5c55d497600000000');
});

test('a user is put in capitals unit by unit, as Windows does it', () => {
  const hash = ntHash('x');
  expect(hex(ntOwfV2(hash, 'Straße', 'd'))).toBe(hex(ntOwfV2(hash, 'STRAßE', 'd')));
  expect(hex(ntOwfV2(hash, 'Jürgen', 'd'))).toBe(hex(ntOwfV2(hash, 'JÜRGEN', 'd')));
  expect(hex(ntOwfV2(hash, 'u', 'Domain'))).not.toBe(hex(ntOwfV2(hash, 'u', 'DOMAIN')));
});
