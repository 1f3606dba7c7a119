// Proves that an enrolment token is one safe word, and that each way to spoil it is named.
import { expect, test } from 'vitest';
import { EnrolmentToken, formatToken, hashSecret, newSecret, parseToken } from './token.ts';

const TOKEN: EnrolmentToken = {
  url: 'https://console.example.org:8443',
  authority: 'ab'.repeat(32),
  id: '0190a000-0000-7000-8000-000000000001',
  secret: 'CANARYCANARYCANARYCANARYCANARY12',
};
const WORD = formatToken(TOKEN);

test('a token comes back as it was written, spaces around it or not', () => {
  expect(parseToken(WORD)).toEqual(TOKEN);
  expect(parseToken(` ${WORD}\r\n`)).toEqual(TOKEN);
});

test('a token is one word without a character that a shell or a chat would change', () => {
  expect(WORD).toMatch(/^rmm1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{8}$/);
});

const [, payload = '', checksum = ''] = WORD.split('.');
test.each([
  ['nothing', '', /begins with/],
  ['another word', 'hunter2', /begins with/],
  ['a later version', WORD.replace('rmm1', 'rmm2'), /version 2/],
  ['the last character missing', WORD.slice(0, -1), /cut off/],
  ['the second half missing', WORD.slice(0, WORD.length / 2), /cut off/],
  ['one character changed', `rmm1.${payload.replace('a', 'b')}.${checksum}`, /mistyped/],
  ['one character too much', `${WORD}x`, /mistyped/],
  ['a space inside', `rmm1.${payload.slice(0, 9)} ${payload.slice(9)}.${checksum}`, /characters/],
  ['ten thousand characters', `${WORD}${'x'.repeat(10_000)}`, /too long/],
])('%s is refused by name, and nothing is repeated', (_name, text, message) => {
  let error: unknown;
  try {
    parseToken(text);
  } catch (caught) {
    error = caught;
  }
  expect(error).toMatchObject({ code: 'bad-request', message: expect.stringMatching(message) });
  expect(String(error)).not.toMatch(/CANARY|hunter2/);
});

test('a well-formed word with other content is refused without quoting it', () => {
  for (const change of [
    { url: 'ftp://x' },
    { url: 'https://a:CANARY@x' },
    { authority: 'CANARY' },
    { secret: 'CANARY' },
  ]) {
    expect(() => formatToken({ ...TOKEN, ...change })).toThrow();
  }
});

test('a secret has 192 bits and is stored as a hash', () => {
  const secrets = Array.from({ length: 100 }, newSecret);
  expect(new Set(secrets).size).toBe(100);
  for (const secret of secrets) {
    expect(Buffer.from(secret, 'base64url')).toHaveLength(24);
    expect(EnrolmentToken.shape.secret.safeParse(secret).success).toBe(true);
  }
  expect(hashSecret('x')).toMatch(/^[0-9a-f]{64}$/);
});
