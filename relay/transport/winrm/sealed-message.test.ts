// The framing of sealed bodies: round trips, what hosts write differently, and lengths that lie.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SecurityFailure } from '#relay/transport/security-context.ts';
import { decodeSealed, encodeSealed, isSealedType, MAX_BODY_BYTES, SEALED_CONTENT_TYPE } from './sealed-message.ts';

const SIGNATURE = Buffer.alloc(16, 1);
const only = (body: Buffer) => {
  const parts = decodeSealed(body);
  expect(parts).toHaveLength(1);
  return { ...parts[0]?.sealed, plainLength: parts[0]?.plainLength };
};

test('a body is written byte for byte as MS-WSMV 2.2.9.1.1 shows it', () => {
  const body = encodeSealed({ signature: SIGNATURE, data: Buffer.from('CIPHER') }, 6).toString('latin1');
  expect(body).toBe(
    '--Encrypted Boundary\r\n\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n' +
      '\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=6\r\n' +
      '--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n' +
      `\x10\0\0\0${'\x01'.repeat(16)}CIPHER--Encrypted Boundary--\r\n`,
  );
});

test('any bytes come back whole, the boundary and line ends among them', () => {
  const evil = fc.constantFrom('--Encrypted Boundary--\r\n', '\r\n', '--Encrypted Boundary\r\n', '\x10\0\0\0');
  const data = fc
    .array(
      fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        evil.map((text) => Buffer.from(text, 'latin1')),
      ),
      { maxLength: 6 },
    )
    .map((parts) => Buffer.concat(parts));
  fc.assert(
    fc.property(data, fc.constantFrom(16, 60), (bytes, size) => {
      const signature = randomBytes(size);
      expect(only(encodeSealed({ signature, data: bytes }, bytes.length))).toEqual({
        signature,
        data: bytes,
        plainLength: bytes.length,
      });
    }),
  );
});

const edited = (edit: (text: string) => string) =>
  Buffer.from(
    edit(encodeSealed({ signature: SIGNATURE, data: Buffer.from('CIPHER') }, 6).toString('latin1')),
    'latin1',
  );

test.each([
  ['no tab before its headers', (text: string) => text.replaceAll('\t', '')],
  ['one line end more before the bytes', (text: string) => text.replace('octet-stream\r\n', 'octet-stream\r\n\r\n')],
  ['one line end more behind the bytes', (text: string) => text.replace('CIPHER', 'CIPHER\r\n')],
  ['one line end more at its end', (text: string) => `${text}\r\n`],
  ['the word for Kerberos', (text: string) => text.replace('HTTP-SPNEGO', 'HTTP-Kerberos')],
  ['blanks in its type', (text: string) => text.replace('xml;charset=UTF-8;', 'xml; charset=utf-8; ')],
])('an answer with %s is read', (_, edit) => {
  expect(only(edited(edit))).toEqual({ signature: SIGNATURE, data: Buffer.from('CIPHER'), plainLength: 6 });
});

test('several sealed parts in one body come in their order', () => {
  const part = (data: string) => encodeSealed({ signature: SIGNATURE, data: Buffer.from(data) }, data.length);
  const first = part('one')
    .toString('latin1')
    .replace(/--\r\n$/, '\r\n');
  const body = Buffer.concat([Buffer.from(first, 'latin1'), part('three').subarray('--Encrypted Boundary\r\n'.length)]);
  expect(decodeSealed(body).map(({ sealed }) => sealed.data.toString())).toEqual(['one', 'three']);
});

test.each([
  ['a length beyond the body', (text: string) => text.replace('Length=6', 'Length=60')],
  ['a length below the truth', (text: string) => text.replace('Length=6', 'Length=5')],
  ['a length of many digits', (text: string) => text.replace('Length=6', 'Length=99999999')],
  ['a negative length', (text: string) => text.replace('Length=6', 'Length=-6')],
  ['a signature longer than the body', (text: string) => text.replace('\x10\0\0\0', '\xff\0\0\0')],
  ['a signature of nothing', (text: string) => text.replace('\x10\0\0\0', '\0\0\0\0')],
  ['a huge signature', (text: string) => text.replace('\x10\0\0\0', '\0\0\0\x7f')],
  ['another charset', (text: string) => text.replace('UTF-8', 'UTF-16')],
  ['no closing mark', (text: string) => text.replace('Boundary--\r\n', '')],
  ['something behind its end', (text: string) => `${text}GET`],
  ['a line without end', (text: string) => text.replace('\r\n', 'x'.repeat(300))],
  ['nothing', () => ''],
])('an answer with %s is refused', (_, edit) => {
  expect(() => decodeSealed(edited(edit))).toThrow(SecurityFailure);
});

test('a body over the limit is refused before anything is read', () => {
  expect(() => decodeSealed(Buffer.alloc(MAX_BODY_BYTES + 1))).toThrow(/too many/);
});

test('truncated at every byte and with any byte changed, it gives a part or a SecurityFailure', () => {
  const good = encodeSealed({ signature: SIGNATURE, data: randomBytes(64) }, 64);
  const attempt = (body: Buffer) => {
    try {
      decodeSealed(body);
    } catch (error) {
      expect(error).toBeInstanceOf(SecurityFailure);
    }
  };
  for (let length = 0; length < good.length; length += 1)
    expect(() => decodeSealed(good.subarray(0, length))).toThrow();
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), (at, value) => {
      const copy = Buffer.from(good);
      copy[at] = value;
      attempt(copy);
    }),
  );
});

test('sealed bodies are told from plain ones by their type alone', () => {
  expect(isSealedType(SEALED_CONTENT_TYPE)).toBe(true);
  expect(isSealedType('multipart/x-multi-encrypted;boundary=x')).toBe(true);
  expect(isSealedType('application/soap+xml;charset=UTF-8')).toBe(false);
  expect(isSealedType(undefined)).toBe(false);
});
