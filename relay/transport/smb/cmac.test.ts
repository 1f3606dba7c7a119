// RFC 4493, 4: the four examples and the keys made on the way.
import { expect, test } from 'vitest';
import { aesCmac, cmacKeys } from './cmac.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const KEYS = cmacKeys(hex('2b7e151628aed2a6abf7158809cf4f3c'));
const MESSAGE = hex(
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
);

test('the two keys of the last block are those of RFC 4493', () => {
  expect(KEYS.k1.toString('hex')).toBe('fbeed618357133667c85e08f7236a8de');
  expect(KEYS.k2.toString('hex')).toBe('f7ddac306ae266ccf90bc11ee46d513b');
});

test.each([
  [0, 'bb1d6929e95937287fa37d129b756746'],
  [16, '070a16b46b4d4144f79bdd9dd04a287c'],
  [40, 'dfa66747de9ae63030ca32611497c827'],
  [64, '51f0bebf7e3b9d92fc49741779363cfe'],
])('%i bytes of the example give its code', (length, code) => {
  expect(aesCmac(KEYS, MESSAGE.subarray(0, length)).toString('hex')).toBe(code);
});
