// DER in and out, and lengths that lie.
import { expect, test } from 'vitest';
import { DER, derElement, derElements, derOnly, oidContent } from './der.ts';
import { SecurityFailure } from './security-context.ts';

test.each([0, 1, 127, 128, 255, 256, 65_536])('an element of %i bytes comes back whole', (size) => {
  const whole = derElement(DER.octets, Buffer.alloc(size, 7));
  expect(derOnly(whole, DER.octets)).toEqual({ tag: DER.octets, content: Buffer.alloc(size, 7), whole });
});

test('identifiers are written as X.690 8.19 says', () => {
  expect(oidContent('1.3.6.1.4.1.311.2.2.10').toString('hex')).toBe('2b06010401823702020a');
  expect(oidContent('2.16.840.1.101.3.4.2.3').toString('hex')).toBe('608648016503040203');
});

test.each([
  ['a length past the end', '0405aa'],
  ['no length', '04'],
  ['an indefinite length', '3080'],
  ['a length of five bytes', '04850000000001aa'],
  ['a length cut off', '0482ff'],
  ['a tag of two bytes', '1f8101'],
])('%s is refused', (_, hex) => {
  expect(() => derElements(Buffer.from(hex, 'hex'))).toThrow(SecurityFailure);
});

test('another tag, two elements and none are refused where one is expected', () => {
  for (const hex of ['0401aa', '30003000', ''])
    expect(() => derOnly(Buffer.from(hex, 'hex'), DER.sequence)).toThrow(/expected/);
});
