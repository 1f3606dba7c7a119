// The multipart framing of sealed messages, read strictly and written in each of the forms that Windows has (MS-WSMV 2.2.9.1).
import type { SealedMessage } from '#relay/transport/security-context.ts';

/** Windows writes a tab before part headers; some versions none, and some an extra CRLF at the end. */
export type Framing = 'tab' | 'no-tab' | 'extra-crlf';

export type SealedProtocol = 'HTTP-SPNEGO-session-encrypted' | 'HTTP-Kerberos-session-encrypted';

const END = Buffer.from('--Encrypted Boundary--\r\n', 'latin1');
const HEAD =
  /^--Encrypted Boundary\r\n\t?Content-Type: application\/(HTTP-(?:SPNEGO|Kerberos)-session-encrypted)\r\n\t?OriginalContent: type=application\/soap\+xml;charset=(UTF-8|UTF-16);Length=(\d+)\r\n--Encrypted Boundary\r\n\t?Content-Type: application\/octet-stream\r\n/;

/** Longer than any head. */
const HEAD_BYTES = 512;

export const isSealedType = (contentType: string | undefined): boolean =>
  /^multipart\/encrypted;\s*protocol="application\/HTTP-(SPNEGO|Kerberos)-session-encrypted";\s*boundary="Encrypted Boundary"$/.test(
    contentType ?? '',
  );

export interface SealedRequest {
  sealed: SealedMessage;
  /** Bytes of the plaintext, as the client says. */
  length: number;
}

/** Undefined for what is not framed as it must be. */
export function readSealed(body: Buffer): SealedRequest | undefined {
  const head = HEAD.exec(body.subarray(0, HEAD_BYTES).toString('latin1'));
  if (head === null || !body.subarray(-END.length).equals(END)) return undefined;
  const rest = body.subarray(head[0].length, body.length - END.length);
  if (rest.length < 4) return undefined;
  const signatureBytes = rest.readUInt32LE(0);
  if (signatureBytes > rest.length - 4) return undefined;
  return {
    sealed: { signature: rest.subarray(4, 4 + signatureBytes), data: rest.subarray(4 + signatureBytes) },
    length: Number(head[3]),
  };
}

export const sealedType = (protocol: SealedProtocol): string =>
  `multipart/encrypted;protocol="application/${protocol}";boundary="Encrypted Boundary"`;

export function writeSealed(
  { signature, data }: SealedMessage,
  length: number,
  { protocol, framing }: { protocol: SealedProtocol; framing: Framing },
): Buffer {
  const tab = framing === 'no-tab' ? '' : '\t';
  const lines = [
    '--Encrypted Boundary',
    `${tab}Content-Type: application/${protocol}`,
    `${tab}OriginalContent: type=application/soap+xml;charset=UTF-8;Length=${length}`,
    '--Encrypted Boundary',
    `${tab}Content-Type: application/octet-stream`,
    '',
  ];
  const size = Buffer.alloc(4);
  size.writeUInt32LE(signature.length);
  const extra = Buffer.from(framing === 'extra-crlf' ? '\r\n' : '', 'latin1');
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), size, signature, data, extra, END, extra]);
}
