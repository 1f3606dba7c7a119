// Tokens of RFC 4121 cut in two and put together again, as Windows wants them.
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { SecurityFailure } from '#relay/transport/security-context.ts';
import { joinToken, splitToken } from './cfx-token.ts';

const HEAD = Buffer.from('050406ff000000000000000000000001', 'hex');
const [confounder, text, trailer] = [randomBytes(16), randomBytes(40), randomBytes(28)];
const TOKEN = Buffer.concat([HEAD, confounder, text, trailer]);

test('the trailer goes before the confounder, and its length into the head', () => {
  const { signature, data } = splitToken(TOKEN, text.length);
  const head = Buffer.from(HEAD);
  head.writeUInt16BE(28, 6);
  expect(Buffer.from(signature)).toEqual(Buffer.concat([head, trailer, confounder]));
  expect(Buffer.from(data)).toEqual(text);
  expect(joinToken({ signature, data })).toEqual(Buffer.concat([head, trailer, confounder, text]));
});

test('longer checksums make longer signatures, an empty text none of its own', () => {
  expect(splitToken(Buffer.concat([HEAD, confounder, randomBytes(40)]), 0).signature).toHaveLength(72);
});

test.each([
  ['of RC4', '6000050406ff', 0],
  ['that is signed and not sealed', '050404ff000000000000000000000001', 4],
  ['with an extra count', '050406ff000400000000000000000001', 4],
  ['turned already', '050406ff0000001c0000000000000001', 4],
  ['that is too short', '050406ff', 0],
])('a token %s is refused', (_, hex, plain) => {
  const token = Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(hex.length > 12 ? 60 : 0)]);
  expect(() => splitToken(token, plain)).toThrow(SecurityFailure);
});

test('a text longer than its token is refused', () => {
  expect(() => splitToken(TOKEN, TOKEN.length)).toThrow(SecurityFailure);
  expect(() => joinToken({ signature: Buffer.alloc(3), data: Buffer.alloc(0) })).toThrow(SecurityFailure);
});
