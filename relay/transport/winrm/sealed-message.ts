// Sealed bodies between their marks (MS-WSMV 2.2.9.1): read by the lengths they name, never by looking for the boundary, which cipher text may contain.
import { type SealedMessage, SecurityFailure } from '#relay/transport/security-context.ts';

const BOUNDARY = '--Encrypted Boundary';
const SOAP_TYPE = 'application/soap+xml;charset=UTF-8';

/** Of the HTTP message around a sealed body. */
export const SEALED_CONTENT_TYPE =
  'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"';

/** `x-multi-encrypted` holds several sealed parts one behind the other (MS-WSMV 2.2.9.1.2). */
export const isSealedType = (contentType: string | undefined): boolean =>
  /^multipart\/(x-multi-)?encrypted\s*(;|$)/i.test(contentType ?? '');

/** One part for one message; `plainLength` is that of the text before it was sealed. */
export function encodeSealed({ signature, data }: SealedMessage, plainLength: number): Buffer {
  const head = [
    BOUNDARY,
    '\tContent-Type: application/HTTP-SPNEGO-session-encrypted',
    `\tOriginalContent: type=${SOAP_TYPE};Length=${plainLength}`,
    BOUNDARY,
    '\tContent-Type: application/octet-stream',
    '',
  ].join('\r\n');
  const signatureLength = Buffer.alloc(4);
  signatureLength.writeUInt32LE(signature.length);
  return Buffer.concat([
    Buffer.from(head, 'latin1'),
    signatureLength,
    signature,
    data,
    Buffer.from(`${BOUNDARY}--\r\n`, 'latin1'),
  ]);
}

export interface SealedPart {
  sealed: SealedMessage;
  /** What the text must have once it is open. */
  plainLength: number;
}

// 4 MiB: eight times the largest envelope that a default host sends (MaxEnvelopeSizekb 500).
export const MAX_BODY_BYTES = 4 * 1_048_576;
// 256: NTLM signs with 16 bytes, Kerberos with 60 for AES.
const MAX_SIGNATURE_BYTES = 256;
// 256: the longest line that hosts write has 90 bytes.
const MAX_LINE_BYTES = 256;

const malformed = (what: string) => new SecurityFailure('malformed', `sealed answer: ${what}`);

/** Reads along; each step throws `malformed` when the bytes are not what the format says. */
class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The next line without its end and without the tab before it. */
  line(): string {
    const end = this.#bytes.indexOf('\r\n', this.#at, 'latin1');
    if (end === -1 || end - this.#at > MAX_LINE_BYTES) throw malformed('a line has no end');
    const text = this.#bytes.toString('latin1', this.#at, end).trim();
    this.#at = end + 2;
    return text;
  }

  expect(pattern: RegExp, what: string): RegExpExecArray {
    const found = pattern.exec(this.line());
    if (found === null) throw malformed(`${what} is missing`);
    return found;
  }

  /** Some hosts write one line end more than the format has. */
  skipLineEnd(): void {
    if (this.#bytes.toString('latin1', this.#at, this.#at + 2) === '\r\n') this.#at += 2;
  }

  /** No signature is as long as a line end would read as a number: then it is one. */
  signatureLength(): number {
    if (this.#at + 6 > this.#bytes.length) throw malformed('it ends before its signature');
    if (this.#bytes.readUInt32LE(this.#at) > MAX_SIGNATURE_BYTES) this.skipLineEnd();
    const length = this.#bytes.readUInt32LE(this.#at);
    if (length === 0 || length > MAX_SIGNATURE_BYTES) throw malformed(`a signature of ${length} bytes`);
    this.#at += 4;
    return length;
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw malformed('it is shorter than it says');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

function decodePart(cursor: Cursor): SealedPart {
  cursor.expect(
    /^Content-Type:\s*application\/HTTP-(SPNEGO|Kerberos)-session-encrypted$/i,
    'the type of its protection',
  );
  const original = cursor.expect(
    /^OriginalContent:\s*type=application\/soap\+xml;\s*charset="?UTF-8"?;\s*Length=(\d{1,7})$/i,
    'the type and length of its text',
  );
  cursor.expect(/^--Encrypted Boundary$/, 'the mark before its bytes');
  cursor.expect(/^Content-Type:\s*application\/octet-stream$/i, 'the type of its bytes');
  const plainLength = Number(original[1]);
  if (plainLength > MAX_BODY_BYTES) throw malformed(`a text of ${plainLength} bytes`);
  const signature = cursor.take(cursor.signatureLength());
  return { sealed: { signature, data: cursor.take(plainLength) }, plainLength };
}

/** The parts in their order, at least one. Throws `malformed` and nothing else. */
export function decodeSealed(body: Buffer): SealedPart[] {
  if (body.length > MAX_BODY_BYTES) throw malformed(`${body.length} bytes are too many`);
  const cursor = new Cursor(body);
  const parts: SealedPart[] = [];
  cursor.expect(/^--Encrypted Boundary$/, 'its first mark');
  for (;;) {
    parts.push(decodePart(cursor));
    cursor.skipLineEnd();
    const mark = cursor.expect(/^--Encrypted Boundary(--)?$/, 'the mark behind its bytes');
    if (mark[1] === undefined) continue;
    cursor.skipLineEnd();
    if (!cursor.isAtEnd) throw malformed('something follows its last mark');
    return parts;
  }
}
