// The scanner takes what our packer writes and refuses, by name, everything else that msgpack allows.
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { expect, test } from 'vitest';
import { packMsgpack, unpackMsgpack } from './msgpack.ts';
import { scanMsgpack } from './msgpack-scan.ts';

const LIMITS = { maxDepth: 4, maxNodes: 1_000 };
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

const key = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,20}$/);
const leaf = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger().filter((n) => !Object.is(n, -0)),
  fc.double({ noNaN: true }).filter((n) => !Object.is(n, -0)),
  fc.boolean(),
  fc.constant(null),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ depthSize: 'small', maxDepth: 3 }, leaf, fc.array(tie('tree')), fc.dictionary(key, tie('tree'))),
}));

test('whatever we pack passes the scan and comes back', () => {
  fc.assert(
    fc.property(tree, (value) => {
      const unpacked = unpackMsgpack(packMsgpack(value), { maxDepth: 16, maxNodes: 100_000 });
      expect(unpacked.ok && JSON.stringify(unpacked.value)).toBe(JSON.stringify(value));
    }),
  );
});

test('whatever passes the scan is read by the library, and no bytes make the scan throw', () => {
  const reader = new Packr({ useRecords: false, mapsAsObjects: true });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      if (scanMsgpack(bytes, LIMITS) === undefined) expect(() => reader.unpack(bytes)).not.toThrow();
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['nothing', '', 'ends too early'],
  ['a cut number', 'cd 01', 'ends too early'],
  ['a cut length', 'da 01', 'ends too early'],
  ['a cut text', 'a3 61 62', 'ends too early'],
  ['an array of four billion', 'dd ffffffff', 'ends too early'],
  ['a map of four billion', 'df ffffffff', 'ends too early'],
  ['binary of four gigabytes', 'c6 ffffffff', 'ends too early'],
  ['text of four gigabytes', 'db ffffffff', 'ends too early'],
  ['two values', '01 02', '1 bytes behind the end'],
  ['five arrays deep', '91 91 91 91 91 c0', 'nested deeper than 4'],
  ['five maps deep', '81a161 81a161 81a161 81a161 81a161 c0', 'nested deeper than 4'],
  ['a time', 'd6 ff 00000000', '0xd6 is not spoken'],
  ['an extension', 'c7 01 01 00', '0xc7 is not spoken'],
  ['a record definition', 'd4 72 40', '0xd4 is not spoken'],
  ['a 64-bit integer', 'cf 0000000000000001', '0xcf is not spoken'],
  ['a signed 64-bit integer', 'd3 0000000000000001', '0xd3 is not spoken'],
  ['a single float', 'ca 3f800000', '0xca is not spoken'],
  ['the unused token', 'c1', '0xc1 is not spoken'],
  ['text that is not UTF-8', 'a2 c3 28', 'not UTF-8'],
  ['a surrogate in UTF-8', 'a3 ed a0 80', 'not UTF-8'],
  ['a key twice', '82 a161 01 a161 02', 'key "a" twice'],
  ['a key twice, once written longer', '82 a161 01 d90161 02', 'key "a" twice'],
  ['the key __proto__', '81 a9 5f5f70726f746f5f5f 01', 'a key that no message has'],
  ['a number as key', '81 01 01', 'a key that no message has'],
  ['an empty key', '81 a0 01', 'a key that no message has'],
  ['a key outside ASCII', '81 a2c3a4 01', 'a key that no message has'],
  ['a key of 65 letters', `81 d941 ${'61'.repeat(65)} 01`, 'a key that no message has'],
])('%s is refused', (_what, bytes, message) => {
  expect(scanMsgpack(hex(bytes), LIMITS)).toContain(message);
});

test('a thousand and one values are refused, a thousand are not', () => {
  const list = (count: number) => packMsgpack(Array.from({ length: count }, () => 0));
  expect(scanMsgpack(list(999), LIMITS)).toBeUndefined();
  expect(scanMsgpack(list(1_000), LIMITS)).toBe('more than 1000 values');
});
